import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  createFolders,
  type Folders,
  PHOTO,
  type ServerProcess,
  startServerProcess,
} from '../../testing/server-process.ts';

let folders: Folders;
let server: ServerProcess;
let embeddings: string;

beforeEach(async () => {
  folders = createFolders();
  embeddings = path.join(folders.data, 'embeddings');
  mkdirSync(embeddings, { recursive: true });
  server = await startServerProcess(folders, { KONTUR_WARM_ON_UPLOAD: 'true' });
});
afterEach(async () => {
  await server?.end('SIGKILL');
  folders.remove();
});

const POINT = { points: [{ x: 0.62, y: 0.645 }] };
const kept = () => readdirSync(embeddings).filter((name) => !name.startsWith('.'));

it('an uploaded image is encoded in the background, once for all restarts, until its file is deleted', async () => {
  const fileId = await server.upload('boats.jpg', PHOTO, 'image/jpeg');
  await expect.poll(kept).toHaveLength(1);
  const before = await server.settled(await server.post(fileId, POINT));
  expect(before.status).toBe('Completed');

  await server.end('SIGTERM');
  server = await startServerProcess(folders);
  const after = await server.settled(await server.post(fileId, POINT));
  expect(after.items).toEqual(before.items);
  const embedding = await fetch(`${server.url}/api/v1/projects/demo/kontur/files/${fileId}/embedding`, {
    headers: { authorization: `Bearer ${server.token}` },
  });
  expect((await embedding.arrayBuffer()).byteLength).toBe(256 * 64 * 64 * 2);
  expect(embedding.headers.get('kontur-image-width')).toBe('1024');

  await server.call('POST', '/files/delete', { items: [{ id: fileId }] });
  expect(kept()).toEqual([]);
});
