import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFolders, environment, PHOTO, root, runKontur } from '../../testing/server-process.ts';

const folders = createFolders();
const bin = path.join(root, 'bin', 'kontur.js');
const at = (name: string) => path.join(folders.base, name);
const photo = at('boats.jpg');
const POINT = ['--point', '0.62,0.645'];

/** The answer for the photo under its plain name. */
let plain: string;
beforeAll(async () => {
  writeFileSync(photo, PHOTO);
  plain = (await segment(photo)).stdout;
  expect(JSON.parse(plain).segments.length).toBeGreaterThan(0);
});
afterAll(() => folders.remove());

const segment = (file: string, ...more: string[]) => runKontur(['segment', file, ...POINT, ...more], folders);

/** A command line, as a user types it, with `kontur` for the program. */
async function shell(line: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const commands = `kontur() { "${process.execPath}" "${bin}" "$@"; }; ${line}`;
  const options = { cwd: folders.base, env: environment(folders), maxBuffer: 1 << 26, timeout: 280_000 };
  return promisify(execFile)('bash', ['--norc', '-c', commands], options).then(
    (output) => ({ code: 0, ...output }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

describe('the name of a photo is a name', () => {
  it.each(['a.jpg[shrink=8]', 'scan [2]', 'b.jpg[]', '[page=1]', 'c[0].jpg', '-', '%d.jpg', "it's.jpg", 'naïve é.jpg'])(
    '%s',
    async (name) => {
      const folder = at('names');
      mkdirSync(folder, { recursive: true });
      writeFileSync(path.join(folder, name), PHOTO);
      const file = name === '-' ? `./${name}` : name;
      const { stdout, stderr } = await runKontur(['segment', file, ...POINT], folders, { cwd: folder });
      expect(stderr).toBe('');
      expect(stdout).toBe(plain);
      const out = path.join(folder, 'cut [1]');
      const drawn = await runKontur(['segment', file, ...POINT, '--format', 'cutout', '--out', out], folders, {
        cwd: folder,
      });
      expect(drawn.code).toBe(0);
      expect(await sharp(readFileSync(out)).metadata()).toMatchObject({ width: 1024, height: 819 });
    },
  );

  it.runIf(process.platform === 'linux')('that is no UTF-8, of photo and output', async () => {
    const latin = Buffer.concat([Buffer.from(`${folders.base}/caf`), Buffer.from([0xe9]), Buffer.from('.jpg')]);
    writeFileSync(latin, PHOTO);
    const { stdout } = await shell(`kontur segment $'caf\\xe9.jpg' ${POINT.join(' ')}`);
    expect(stdout).toBe(plain);
    const { code, stderr } = await shell(`kontur segment boats.jpg ${POINT.join(' ')} --out=$'r\\xe9sultat.json'`);
    expect([code, stderr]).toEqual([0, expect.stringContaining('wrote all of them')]);
    const written = readdirSync(folders.base, { encoding: 'buffer' }).filter((name) => name.includes('sultat.json'));
    expect(written.map((name) => name.toString('latin1'))).toEqual(['résultat.json']);
  });
});

describe('a photo that is no plain file', () => {
  it.each([
    ['a pipe', 'cat boats.jpg | kontur segment /dev/stdin'],
    ['a dash', 'cat boats.jpg | kontur segment -'],
    ['standard input from a file', 'kontur segment /dev/stdin < boats.jpg'],
    ['the output of a process', 'kontur segment <(cat boats.jpg)'],
    ['a named pipe', 'mkfifo fifo; (cat boats.jpg > fifo &); kontur segment fifo'],
    ['a link', 'ln -sf boats.jpg link; kontur segment link'],
  ])('%s is read', async (_, line) => {
    const { code, stdout, stderr } = await shell(`${line} ${POINT.join(' ')}`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(plain);
  });

  it('is still there for a picture of it', async () => {
    const { code } = await shell(`cat boats.jpg | kontur segment - ${POINT.join(' ')} --format cutout --out piped.png`);
    expect(code).toBe(0);
    expect(await sharp(at('piped.png')).metadata()).toMatchObject({ width: 1024, height: 819, hasAlpha: true });
  });

  it.each([
    ['a folder', 'kontur segment .', /\. is a folder: name a photo in it/],
    ['an empty pipe', 'kontur segment - < /dev/null', /is empty/],
    ['a file that is not there', 'kontur segment none.jpg', /There is no file none\.jpg/],
    ['a path through a file', 'kontur segment boats.jpg/x', /There is no file .*no folder/],
    ['a pipe of text', 'yes | kontur segment -', /JPEG|PNG/],
  ])('%s is refused in words, at once', async (_, line, words) => {
    const { code, stdout, stderr } = await shell(`${line} ${POINT.join(' ')}`);
    expect([code === 0, stdout]).toEqual([false, '']);
    expect(stderr).toMatch(words);
    expect(stderr).not.toMatch(/\bE[A-Z]{3,}\b|^ +at /m);
  });

  it('a huge file is refused by its type, without reading the rest', async () => {
    const huge = at('huge.jpg');
    writeFileSync(huge, 'This is no photo. '.repeat(300));
    // A hole: read in full, it would take minutes.
    truncateSync(huge, 400e9);
    const { code, stderr } = await segment(huge);
    expect(code).toBe(1);
    expect(stderr).toMatch(/JPEG|PNG/);
  });
});

describe('--out', () => {
  const digest = () => createHash('sha256').update(readFileSync(photo)).digest('hex');

  it('never overwrites the photo, by whatever name', async () => {
    const before = digest();
    symlinkSync('boats.jpg', at('symbolic.jpg'));
    linkSync(photo, at('hard.jpg'));
    symlinkSync('.', at('here'));
    for (const line of [
      'kontur segment boats.jpg --out boats.jpg',
      'kontur segment boats.jpg --out ./here/boats.jpg',
      'kontur segment boats.jpg --out symbolic.jpg',
      'kontur segment symbolic.jpg --out boats.jpg',
      'kontur segment boats.jpg --out hard.jpg',
      'kontur segment - --out boats.jpg < boats.jpg',
    ]) {
      const { code, stderr } = await shell(`${line} --format cutout ${POINT.join(' ')}`);
      expect([line, code]).toEqual([line, 2]);
      expect(stderr).toContain('is the photo itself');
    }
    expect(digest()).toBe(before);
  });

  it('says before any work what is in the way', async () => {
    const missing = await segment(photo, '--out', at('no/such/folder/out.json'));
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringMatching(/there is no folder .*no\/such\/folder/)]);
    const folder = await segment(photo, '--out', folders.base);
    expect([folder.code, folder.stderr]).toEqual([2, expect.stringContaining('is a folder')]);
    const through = await segment(photo, '--out', path.join(photo, 'out.json'));
    expect([through.code, through.stderr]).toEqual([2, expect.stringContaining('is no folder')]);
    expect(existsSync(at('no'))).toBe(false);
  });

  it('leaves a file as it is where the photo cannot be segmented', async () => {
    const out = at('kept.json');
    writeFileSync(out, 'kept');
    writeFileSync(at('broken.jpg'), PHOTO.subarray(0, 5000));
    expect((await segment(at('broken.jpg'), '--out', out)).code).toBe(1);
    expect(readFileSync(out, 'utf8')).toBe('kept');
  });

  it('says on standard error what was written', async () => {
    const out = at('outline.geojson');
    const { code, stdout, stderr } = await segment(photo, '--format', 'geojson', '--out', out);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(
      /^\d segments? in boats\.jpg \(1024 x 819\); wrote number 0, score [01]\.\d\d, as geojson, to .*outline\.geojson/,
    );
    expect(stderr).toContain('--yaxis up');
    const turned = await segment(photo, '--format', 'geojson', '--yaxis', 'up');
    const { features } = JSON.parse(readFileSync(out, 'utf8'));
    const [left, top, right, bottom] = features[0].bbox;
    expect(JSON.parse(turned.stdout).features[0].bbox).toEqual(
      [left, 819 - bottom, right, 819 - top].map((value) => expect.closeTo(value, 3)),
    );
  });
});

describe('coordinates in pixels', () => {
  it.each([
    [['--point', '512,410'], '--point 0.5,0.5006'],
    [['--point', '512,410,0', '--point', '0,0'], '--point 0.5,0.5006,0 --point 0,0'],
    [['--box', '256,0,1024,819'], '--box 0.25,0,1,1'],
  ])('%j are refused with the fractions that would be right', async (prompt, fractions) => {
    const { code, stderr } = await runKontur(['segment', photo, ...prompt], folders);
    expect(code).toBe(2);
    expect(stderr).toContain(`1024 x 819, write ${fractions}.`);
  });

  it('beyond the photo are refused without a guess', async () => {
    const { code, stderr } = await runKontur(['segment', photo, '--point', '5000,1'], folders);
    expect([code, stderr.includes('write')]).toEqual([2, false]);
  });
});

it('help starts no engine', async () => {
  // Node then writes down every process that is started.
  const env = { NODE_DEBUG: 'child_process' };
  const { stderr } = await runKontur(['segment', photo, ...POINT, '--help'], folders, { env });
  expect(stderr).not.toMatch(/spawn/i);
  expect((await runKontur(['segment', photo, ...POINT], folders, { env })).stderr).toMatch(/spawn/i);
});
