import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { backUpData } from '../../src/database/back-up-data.ts';
import {
  createFolders,
  type FileAnswer,
  PHOTO,
  runKontur,
  type ServerProcess,
  startServerProcess,
} from '../../testing/server-process.ts';

const folders = createFolders();
const restored = createFolders();
const backup = path.join(folders.base, 'backup');
let server: ServerProcess | undefined;
afterAll(async () => {
  await server?.end('SIGKILL');
  folders.remove();
  restored.remove();
});

describe('kontur backup and restore', () => {
  it('refuses while a server runs, and then brings rows, contents, results and keys back', async () => {
    server = await startServerProcess(folders);
    const photo = await server.upload('boats.jpg', PHOTO, 'image/jpeg');
    const job = await server.settled(await server.post(photo, { points: [{ x: 0.62, y: 0.645 }] }));
    const { body: later } = await server.call<FileAnswer>('POST', '/files', { name: 'later.jpg' });
    const running = await runKontur(['backup', backup], folders);
    expect(running.code).toBe(1);
    expect(running.stderr).toContain('is in use by another Kontur server');
    expect(existsSync(backup)).toBe(false);
    await server.end('SIGTERM');

    expect(await runKontur(['backup', backup], folders)).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(backup).toSorted()).toEqual([
      'blobs',
      'database',
      'development-client.json',
      'keys',
      'kontur-backup.json',
    ]);
    expect(statSync(path.join(backup, 'development-client.json')).mode & 0o077).toBe(0);
    expect(await runKontur(['restore', backup], restored)).toMatchObject({ code: 0, stderr: '' });

    const { token } = server;
    const { port } = new URL(server.url);
    server = await startServerProcess(restored, { KONTUR_PORT: port }, token);
    const route = `/context/vision/segment/${job.jobId}`;
    expect((await server.call('GET', route)).body).toEqual(job);
    const { body: link } = await server.call<{ items: { downloadUrl: string }[] }>('POST', '/files/downloadlink', {
      items: [{ id: photo }],
    });
    const content = await fetch(link.items[0]!.downloadUrl);
    expect(Buffer.from(await content.arrayBuffer()).equals(PHOTO)).toBe(true);
    // The link was signed before the backup.
    expect((await fetch(later.uploadUrl, { method: 'PUT', body: PHOTO })).status).toBe(200);
    await server.end('SIGTERM');
  });

  it('nothing is written over', async () => {
    const again = await runKontur(['backup', backup], folders);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('is there already, with something in it') });
    const onto = await runKontur(['restore', backup], restored);
    expect(onto).toMatchObject({ code: 1, stderr: expect.stringContaining('is there already, with something in it') });
  });

  it('what is no backup, or not embedded, is refused', async () => {
    const odd = path.join(folders.base, 'odd');
    mkdirSync(odd);
    writeFileSync(path.join(odd, 'notes.txt'), '');
    expect((await runKontur(['restore', odd], folders)).stderr).toContain('is no backup');
    const env = { KONTUR_DATABASE_URL: 'postgres://localhost/kontur' };
    expect((await runKontur(['backup', odd], folders, { env })).stderr).toContain('pg_dump');
    const empty = await runKontur(['backup', path.join(folders.base, 'b')], folders, {
      env: { KONTUR_DATA_DIR: path.join(folders.base, 'none') },
    });
    expect(empty.stderr).toContain('There is no database in');
    expect(existsSync(path.join(folders.base, 'none'))).toBe(false);
  });

  it('leaves contents that are in a bucket where they are', async () => {
    const { data: dataDir, base, remove } = createFolders();
    mkdirSync(path.join(dataDir, 'database'), { recursive: true });
    const target = path.join(base, 'backup');
    await backUpData({ dataDir, blobs: { bucket: 'photos', prefix: '' } }, target);
    expect(readdirSync(target).toSorted()).toEqual(['database', 'kontur-backup.json']);
    remove();
  });
});

it('kontur migrate brings an embedded database up to date once', async () => {
  const fresh = createFolders();
  expect((await runKontur(['migrate'], fresh)).stdout).toContain('Applied 0001-files-and-jobs.sql');
  expect((await runKontur(['migrate'], fresh)).stdout).toBe('The database is up to date.\n');
  fresh.remove();
});
