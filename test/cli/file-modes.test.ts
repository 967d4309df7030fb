import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { copyDataTemplate } from '../../testing/database-template.ts';
import { startKonturProcess } from '../../testing/kontur-process.ts';
import {
  createFolders,
  type Folders,
  PHOTO,
  root,
  runKontur,
  startServerProcess,
} from '../../testing/server-process.ts';
import { newPostgresDatabase } from '../../testing/test-database.ts';
import { decoderOf, encoderOf } from '../models/flavours/export-graphs.ts';

const POINT = { points: [{ x: 0.62, y: 0.645 }] };
const SHAPE = {
  encoderInput: 'image',
  encoderOutputs: ['image_embeddings'],
  masks: [0, 1, 2, 3],
  padding: 'with points',
  takesMask: false,
  answers: { logits: 'masks', scores: 'scores' },
  colour: [0, 0, 0],
} as const;
const WEIGHTS = {
  'edge_sam_3x_encoder.onnx': encoderOf(SHAPE as never),
  'edge_sam_3x_decoder.onnx': decoderOf(SHAPE as never),
};
const ownUmask = process.umask();
afterEach(() => process.umask(ownUmask));

/** Lists everything below a folder, and the folder, that users other than its owner can access; links have no modes. */
function openIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = ['', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })];
  return names.flatMap((name) => {
    const { mode } = lstatSync(path.join(folder, name));
    const isOpen = (mode & 0o170000) !== 0o120000 && (mode & 0o077) !== 0;
    return isOpen ? [`${(mode & 0o777).toString(8)} ${path.join(folder, name)}`] : [];
  });
}

/** Opens a folder to everyone, with all that is in it. */
function openUp(folder: string): void {
  for (const name of ['', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })]) {
    const entry = path.join(folder, name);
    chmodSync(entry, statSync(entry).isDirectory() ? 0o777 : 0o666);
  }
}

async function expectDone(args: string[], folders: Folders, env: Record<string, string> = {}) {
  const result = await runKontur(args, folders, { env });
  expect([args[0], result.code, result.stderr]).toEqual([args[0], 0, expect.any(String)]);
  return result;
}

/** The whole life of a server: photo, job, pictures, graceful stop. Its temporary files are checked while it runs. */
async function serveOnce(folders: Folders, env: Record<string, string> = {}): Promise<void> {
  const server = await startServerProcess(folders, env);
  onTestFinished(() => void server.process.kill('SIGKILL'));
  const fileId = await server.upload('boats.jpg', PHOTO, 'image/jpeg');
  const { status, jobId } = await server.settled(await server.post(fileId, POINT));
  expect(status).toBe('Completed');
  const cutOut = await fetch(`${server.url}/api/v1/projects/demo/kontur/segment/${jobId}/cutout.png`, {
    headers: { authorization: `Bearer ${server.token}` },
  });
  expect(cutOut.status).toBe(200);
  await cutOut.arrayBuffer();
  expect([...openIn(folders.data), ...openIn(folders.temporary).slice(1)]).toEqual([]);
  expect(await server.end('SIGTERM')).toBe(0);
}

/** The most open there is: what is closed under it is closed under every other. */
const OPEN_UMASK = 0o000;

describe('started with a umask that closes nothing', () => {
  let folders: Folders;
  let made: (name: string) => string;
  beforeAll(() => {
    folders = createFolders();
    made = (name) => path.join(folders.base, name);
  });
  afterAll(() => folders.remove());

  it('what serving makes, and asking for tokens, is the owner’s alone', async () => {
    process.umask(OPEN_UMASK);
    await serveOnce(folders);
    expect(openIn(folders.data)).toEqual([]);
    expect(readdirSync(folders.data)).toEqual(expect.arrayContaining(['database', 'blobs', 'embeddings', 'keys']));
  });

  it('so is what backing up and restoring make', async () => {
    process.umask(OPEN_UMASK);
    await expectDone(['backup', made('backups/first')], folders);
    await expectDone(['restore', made('backups/first')], { ...folders, data: made('restored/data') });
    for (const name of ['data', 'backups', 'restored']) expect(openIn(made(name))).toEqual([]);
    expect(readdirSync(made('restored/data'))).toEqual(expect.arrayContaining(['database', 'blobs', 'keys']));
  });

  it('so is a database that is created again', async () => {
    process.umask(OPEN_UMASK);
    await expectDone(['migrate'], { ...folders, data: made('migrated/data') });
    expect(openIn(made('migrated'))).toEqual([]);
  });

  it('a server closes a data folder that it finds open, with all that is in it', async () => {
    process.umask(OPEN_UMASK);
    openUp(folders.data);
    await serveOnce(folders);
    expect(openIn(folders.data)).toEqual([]);
  });

  it('so do commands: a data folder, one to restore to, and what is restored', async () => {
    process.umask(OPEN_UMASK);
    openUp(folders.data);
    await expectDone(['backup', made('second')], folders);
    expect(openIn(folders.data)).toEqual([]);
    openUp(made('second'));
    mkdirSync(made('emptied'));
    await expectDone(['restore', made('second')], { ...folders, data: made('emptied') });
    expect(openIn(made('emptied'))).toEqual([]);
  });

  it('a closed data folder that an earlier version left open inside is closed there too', async () => {
    process.umask(OPEN_UMASK);
    openUp(path.join(folders.data, 'database'));
    await expectDone(['migrate'], folders);
    expect(openIn(folders.data)).toEqual([]);
  });

  it('what commands without a server make is the owner’s alone, but for the file that segment writes', async () => {
    const photo = made('photo.jpg');
    writeFileSync(photo, PHOTO);
    const mirror = createServer((request, response) => {
      const content = WEIGHTS[path.basename(request.url!) as keyof typeof WEIGHTS];
      response.writeHead(content === undefined ? 404 : 200, { etag: '"1"' }).end(content);
    });
    await new Promise<void>((listening) => mirror.listen(0, '127.0.0.1', listening));
    onTestFinished(() => void mirror.close());
    const from = `http://127.0.0.1:${(mirror.address() as AddressInfo).port}`;
    const sums = Object.values(WEIGHTS).map((content) => createHash('sha256').update(content).digest('hex'));

    process.umask(OPEN_UMASK);
    const elsewhere = { ...folders, data: made('alone'), firstStart: true };
    const pull = ['models', 'pull', 'edgesam', '--from'];
    const confirmed = sums.flatMap((sum) => ['--accept-checksum', sum]);
    await expectDone([...pull, from, ...confirmed], elsewhere);
    await expectDone(['models', 'verify'], elsewhere);
    const copy = { KONTUR_MODELS_DIR: made('copied') };
    mkdirSync(made('source'));
    for (const [name, content] of Object.entries(WEIGHTS)) writeFileSync(path.join(made('source'), name), content);
    await expectDone([...pull, made('source'), ...confirmed], elsewhere, copy);
    await expectDone(['hash-secret', '--generate'], elsewhere);
    await expectDone(['config', 'print'], elsewhere);
    const point = ['--point', '0.62,0.645'];
    for (const umask of [OPEN_UMASK, 0o022, 0o077]) {
      process.umask(umask);
      const out = made(`cut-${umask}.png`);
      await expectDone(['segment', photo, ...point, '--format', 'cutout', '--out', out], elsewhere);
      expect((statSync(out).mode & 0o777).toString(8)).toBe((0o666 & ~umask).toString(8));
    }
    for (const name of ['alone', 'copied']) expect(openIn(made(name))).toEqual([]);
    expect(readdirSync(made('alone')).sort()).toEqual(['cache', 'models']);
    expect(openIn(folders.temporary).slice(1)).toEqual([]);
  });
});

it('processes that share a PostgreSQL server and a folder of contents keep both closed', async () => {
  const folders = createFolders();
  const postgres = await newPostgresDatabase();
  onTestFinished(async () => {
    folders.remove();
    await postgres.remove();
  });
  process.umask(OPEN_UMASK);
  const blobs = path.join(folders.base, 'shared', 'blobs');
  const env = { KONTUR_DATABASE_URL: postgres.url, KONTUR_BLOBS: blobs };
  const worker = { ...folders, data: path.join(folders.base, 'worker') };
  const work = await startKonturProcess('work', worker, { env, ready: /work/ });
  onTestFinished(() => void work.process.kill('SIGKILL'));
  await serveOnce(folders, { ...env, KONTUR_JOBS_CONCURRENCY: '0' });
  await work.end('SIGTERM');
  for (const folder of [folders.data, worker.data, path.join(folders.base, 'shared')])
    expect(openIn(folder)).toEqual([]);
});

it('a data folder of another user that is open to all is refused in words', async () => {
  const folders = createFolders();
  onTestFinished(() => folders.remove());
  const open = path.join(root, 'dist', 'runtime', 'private-folder.js');
  // As root, in the name of nobody; else in a folder of root's.
  const isRoot = process.getuid!() === 0;
  const folder = isRoot ? folders.base : '/tmp';
  if (isRoot) chmodSync(folder, 0o777);
  const code = `
    const { openPrivateFolder } = await import(${JSON.stringify(pathToFileURL(open).href)});
    if (process.getuid() === 0) process.setuid(65534);
    await openPrivateFolder(${JSON.stringify(folder)}).then(() => console.log('opened'), (error) => console.log(error.message));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code]);
  expect(stdout).toContain(`may look into ${folder}`);
  expect(stdout).toContain('it belongs to another user');
  expect(stdout).toContain('KONTUR_DATA_DIR');
});

it('a link in a data folder is not followed, one in a backup is refused, and a part behind a link is backed up whole', async () => {
  const folders = createFolders();
  onTestFinished(() => folders.remove());
  const at = (name: string) => path.join(folders.base, name);
  await copyDataTemplate(folders.data);
  mkdirSync(at('disk/ab'), { recursive: true });
  writeFileSync(at('disk/ab/content'), 'content');
  for (const entry of ['disk', 'disk/ab', 'disk/ab/content']) chmodSync(at(entry), 0o755);
  symlinkSync(at('disk'), path.join(folders.data, 'blobs'));
  await expectDone(['backup', at('backup')], folders);
  expect(openIn(at('disk'))).toHaveLength(3);
  expect(lstatSync(at('backup/blobs/ab/content')).isFile()).toBe(true);
  expect(openIn(at('backup'))).toEqual([]);

  symlinkSync(at('disk'), at('backup/blobs/elsewhere'));
  const { code, stderr } = await runKontur(['restore', at('backup')], { ...folders, data: at('restored') });
  expect([code, stderr]).toEqual([1, expect.stringContaining('elsewhere is a symbolic link')]);
});

it('the library closes what it writes, and leaves the process’s umask alone', async () => {
  const folders = createFolders();
  onTestFinished(() => folders.remove());
  const cacheDir = path.join(folders.base, 'cache');
  const photo = path.join(folders.base, 'photo.jpg');
  writeFileSync(photo, PHOTO);
  const entry = pathToFileURL(path.join(root, 'dist', 'segment', 'create-segmenter.js')).href;
  const code = `
    import { readFileSync, writeFileSync } from 'node:fs';
    const { createSegmenter } = await import(${JSON.stringify(entry)});
    process.umask(0o002);
    const segmenter = await createSegmenter({ cacheDir: ${JSON.stringify(cacheDir)} });
    const segmenting = segmenter.segment(readFileSync(${JSON.stringify(photo)}), ${JSON.stringify(POINT)});
    console.log((await segmenting).segments.length > 0);
    writeFileSync(${JSON.stringify(path.join(folders.base, 'hosts'))}, '');
    await segmenter.close();
    console.log(process.umask());`;
  const env = { PATH: process.env.PATH, TMPDIR: folders.temporary, HOME: folders.home };
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], { env });
  expect(stdout).toBe('true\n2\n');
  expect(statSync(path.join(folders.base, 'hosts')).mode & 0o777).toBe(0o664);
  expect(readdirSync(cacheDir).length).toBeGreaterThan(0);
  expect(openIn(cacheDir)).toEqual([]);
});
