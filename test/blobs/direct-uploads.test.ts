import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDirectUploads, type DirectUploads } from '../../src/blobs/direct-uploads.ts';
import { openS3Bucket, type S3Bucket } from '../../src/blobs/s3-bucket.ts';
import { type S3Server, startS3Server } from '../../testing/s3-server.ts';

let server: S3Server;
let bucket: S3Bucket;
let uploads: DirectUploads;
beforeAll(async () => {
  server = await startS3Server();
  Object.assign(process.env, server.environment);
  bucket = await openS3Bucket(server.location('plant/'));
  uploads = createDirectUploads({ bucket, folder: 'contents' });
});
afterAll(() => server.close());

async function put(name: string, body: string): Promise<void> {
  const answer = await fetch(await uploads.uploadUrl(name, 60_000), { method: 'PUT', body });
  expect(answer.status).toBe(200);
}

describe('createDirectUploads', () => {
  it('finds what was put, under any name, and makes it a content that does not change', async () => {
    const name = 'a%20project/12-1';
    expect(await uploads.find(name)).toBeUndefined();
    await put(name, 'first');
    const upload = await uploads.find(name);
    expect(upload).toMatchObject({ name, bytes: 5 });
    expect(Math.abs(upload!.storedTime - Date.now())).toBeLessThan(60_000);
    const stored = await uploads.store(upload!);
    const sha256 = createHash('sha256').update('first').digest('hex');
    expect(stored).toEqual({ key: expect.stringMatching(/^[0-9a-f]{32}$/), bytes: 5, sha256 });
    await put(name, 'second');
    expect(await text(bucket.read(`contents/${stored!.key}`))).toBe('first');

    await uploads.discard(upload!);
    expect((await uploads.find(name))!.bytes).toBe(6);
    await uploads.discard((await uploads.find(name))!);
    expect(await uploads.find(name)).toBeUndefined();
    expect(await uploads.store(upload!)).toBeUndefined();
    expect(await server.list('plant/')).toEqual([`plant/contents/${stored!.key}`]);
  });

  it('lists what was put below a name', async () => {
    for (const name of ['p/1-1', 'p/1-1/u/1', 'p/10-1', 'q/1-1']) await put(name, name);
    const listed = async (prefix: string) =>
      (await Readable.from(uploads.list(prefix)).toArray()).map(({ name }) => name).sort();
    expect(await listed('p/')).toEqual(['p/1-1', 'p/1-1/u/1', 'p/10-1']);
    expect(await listed('p/1-')).toEqual(['p/1-1', 'p/1-1/u/1']);
  });

  it('signs downloads with the headers that they come with', async () => {
    await bucket.put('contents/ab', Buffer.from('content'));
    const headers = { 'content-type': 'image/png', 'content-disposition': 'attachment', 'cache-control': 'no-store' };
    const url = await uploads.downloadUrl('ab', 30_000, headers);
    expect(await (await fetch(url)).text()).toBe('content');
    const parameters = new URL(url).searchParams;
    expect(parameters.get('X-Amz-Expires')).toBe('30');
    for (const [name, value] of Object.entries(headers)) expect(parameters.get(`response-${name}`)).toBe(value);
  });
});
