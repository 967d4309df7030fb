import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { createFolders, PHOTO, type ServerProcess, startServerProcess } from '../../testing/server-process.ts';

interface Listed {
  items: { id: number; externalId?: string; name: string; uploaded: boolean }[];
}

const list = async (server: ServerProcess) => (await server.call<Listed>('POST', '/files/list', {})).body.items;

describe('a new data folder', () => {
  const folders = createFolders({ firstStart: true });
  const env = { KONTUR_SAMPLE_PHOTO: 'true' };
  let server: ServerProcess | undefined;
  afterAll(async () => {
    await server?.end('SIGKILL');
    folders.remove();
  });

  it('begins with a photo, which is encoded before anyone asks', async () => {
    server = await startServerProcess(folders, env);
    const items = await list(server);
    expect(items).toEqual([
      expect.objectContaining({ externalId: 'kontur-sample', name: 'nagasaki-boats.jpg', uploaded: true }),
    ]);
    const embeddings = path.join(folders.data, 'embeddings');
    const isEncoded = () => existsSync(embeddings) && readdirSync(embeddings, { recursive: true }).length > 0;
    while (!isEncoded()) await sleep(50);

    type Links = { items: { downloadUrl: string }[] };
    const { body } = await server.call<Links>('POST', '/files/downloadlink', { items: [{ id: items[0]?.id }] });
    const content = Buffer.from(await (await fetch(body.items[0]?.downloadUrl ?? '')).arrayBuffer());
    const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    expect(digest(content)).toBe(digest(PHOTO));

    const prompt = { fileId: items[0]?.id, points: [{ x: 0.2, y: 0.775 }] };
    const { status, body: found } = await server.call<{ segments: object[] }>('POST', '/kontur/preview', prompt);
    expect(status).toBe(200);
    expect(found.segments.length).toBeGreaterThan(0);
  });

  it('has no other one after it was deleted, or the server was started again', async () => {
    expect((await server!.call('POST', '/files/delete', { items: [{ externalId: 'kontur-sample' }] })).status).toBe(
      200,
    );
    expect(await server!.end('SIGTERM')).toBe(0);
    server = await startServerProcess(folders, env);
    expect(await list(server)).toEqual([]);
  });
});

it('a data folder that was there before is left as it is', async () => {
  // Its database was made by an earlier process.
  const folders = createFolders();
  const server = await startServerProcess(folders, { KONTUR_SAMPLE_PHOTO: 'true' });
  expect(await list(server)).toEqual([]);
  await server.end('SIGTERM');
  folders.remove();
});
