import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifySecret } from '../../src/auth/secret-hash.ts';
import { createFolders, PHOTO, root, runKontur } from '../../testing/server-process.ts';

const folders = createFolders();
const photo = path.join(folders.base, 'boats.jpg');
beforeAll(() => writeFileSync(photo, PHOTO));
afterAll(() => folders.remove());

const kontur = (...args: string[]) => runKontur(args, folders);

describe('kontur segment', () => {
  it('prints scored polygons as JSON and nothing else', async () => {
    const { code, stdout, stderr } = await kontur('segment', photo, '--point', '0.62,0.645');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({
      imageWidth: 1024,
      imageHeight: 819,
      prompt: { points: [{ x: 0.62, y: 0.645, label: 1 }] },
    });
    expect(result.segments.length).toBeGreaterThan(0);
    expect(result.segments[0].polygons[0].vertices.length).toBeGreaterThan(2);
  });

  it('draws the best segment into a PNG', async () => {
    const out = path.join(folders.base, 'cut.png');
    const box = ['--box', '0.67,0.78,1,0.99', '--point', '0.8,0.9', '--point', '0.7,0.8,0'];
    const { code, stdout } = await kontur('segment', photo, ...box, '--format', 'png', '--out', out);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(await sharp(out).metadata()).toMatchObject({ format: 'png', width: 1024, height: 819 });
    const drawn = await sharp(out).removeAlpha().raw().toBuffer();
    expect(drawn.equals(await sharp(photo).raw().toBuffer())).toBe(false);
  });

  it.each([
    [['--point', '0.5'], 'two fractions'],
    [['--point', '0.5,0.5,2'], 'The label is 1'],
    [['--point', '1.5,0.5'], 'from 0 to 1'],
    [['--box', '0.5,0.5,0.2,0.8'], 'xMin'],
    [['--box', '1,2,3'], 'four fractions'],
    [[], 'Say what to cut out'],
    [['--point', '0.5,0.5', '--format', 'bmp'], 'Allowed choices are json, drawing, png'],
  ])('explains what is wrong with %j', async (options, message) => {
    const { code, stderr } = await kontur('segment', photo, ...options);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('says that there is no such photo', async () => {
    const { code, stderr } = await kontur('segment', path.join(folders.base, 'none.jpg'), '--point', '0.5,0.5');
    expect(code).toBe(2);
    expect(stderr).toMatch(/There is no file .*none\.jpg/);
  });

  it('says what is wrong with a photo, with exit code 1', async () => {
    const text = path.join(folders.base, 'text.jpg');
    writeFileSync(text, 'This is text.');
    const { code, stderr } = await kontur('segment', text, '--point', '0.5,0.5');
    expect(code).toBe(1);
    expect(stderr).toMatch(/JPEG|PNG/);
    expect(stderr).not.toContain('    at ');
  });
});

describe('kontur hash-secret', () => {
  it('makes a secret and its hash', async () => {
    const { code, stdout } = await kontur('hash-secret', '--generate');
    const [, secret, hash] = /^secret: (\S{43})\nhash: (scrypt\S+)\n$/.exec(stdout) ?? [];
    expect(code).toBe(0);
    expect(await verifySecret(secret!, hash)).toBe(true);
  });

  it('hashes what is piped in, without the line end', async () => {
    const pipe = (input: string) =>
      spawnSync(process.execPath, [path.join(root, 'bin', 'kontur.js'), 'hash-secret'], { input, encoding: 'utf8' });
    const { status, stdout } = pipe('a pass word\n');
    expect(status).toBe(0);
    expect(await verifySecret('a pass word', stdout.trim())).toBe(true);
    const short = pipe('secret1\n');
    expect([short.status, short.stdout]).toEqual([2, '']);
    expect(short.stderr).toContain('fewer than 8 characters');
    const nothing = pipe('\n');
    expect([nothing.status, nothing.stdout]).toEqual([2, '']);
    expect(nothing.stderr).toContain('empty');
  });
});

describe('help and usage', () => {
  it.each([['serve'], ['segment'], ['token'], ['hash-secret'], ['config']])('%s has its own help', async (command) => {
    const { code, stdout } = await kontur(command, '--help');
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: kontur ${command}`);
  });

  it('lists the commands, the version and the exit codes', async () => {
    const { stdout } = await kontur('--help');
    for (const text of ['serve', 'segment', 'token', 'config', 'Exit codes']) expect(stdout).toContain(text);
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect((await kontur('--version')).stdout.trim()).toBe(version);
  });

  it('an unknown command is a usage error', async () => {
    const { code, stderr } = await kontur('segmnet');
    expect(code).toBe(2);
    expect(stderr).toContain('segment');
  });

  it('token without a server says how to start one', async () => {
    const { code, stderr } = await kontur('token');
    expect(code).toBe(2);
    expect(stderr).toContain('kontur serve');
  });

  it('a wrong configuration stops every command with all problems', async () => {
    const { code, stderr } = await runKontur(['serve'], folders, {
      env: { KONTUR_PORT: 'x', KONTUR_HOST: '0.0.0.0', KONTUR_NO: '1' },
    });
    expect(code).toBe(2);
    for (const text of ['KONTUR_PORT', 'KONTUR_NO']) expect(stderr).toContain(text);
  });

  it('config print shows what is in force as JSON', async () => {
    const { stdout } = await kontur('config', 'print');
    expect(JSON.parse(stdout)).toMatchObject({ port: 0, dataDir: folders.data });
    expect((await kontur('config', 'check')).stdout).toContain('fine');
  });

  it('a configuration file in the working folder is read, under the environment', async () => {
    const cwd = path.join(folders.base, 'work');
    mkdirSync(cwd);
    writeFileSync(path.join(cwd, 'kontur.config.json'), '{"KONTUR_PORT": 9000, "KONTUR_MAX_POINTS": 7}');
    const { stdout } = await runKontur(['config', 'print'], folders, { cwd });
    expect(JSON.parse(stdout)).toMatchObject({ port: 0, maxPoints: 7 });
  });
});
