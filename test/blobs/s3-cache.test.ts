import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openS3Bucket, type S3Bucket } from '../../src/blobs/s3-bucket.ts';
import { createS3Cache } from '../../src/blobs/s3-cache.ts';
import { keepContent, keptContent } from '../../testing/cached-content.ts';
import { type S3Server, startS3Server } from '../../testing/s3-server.ts';

let server: S3Server;
let bucket: S3Bucket;
beforeAll(async () => {
  server = await startS3Server();
  Object.assign(process.env, server.environment);
  bucket = await openS3Bucket(server.location('prefix/'));
});
afterAll(() => server.close());

const bytes = (length: number, value: number) => new Uint8Array(length).fill(value);

describe('createS3Cache', () => {
  it('has what any process wrote, until it is removed', async () => {
    const [cache, other] = [1, 2].map(() => createS3Cache({ bucket, folder: 'shared', limitBytes: 1000 }));
    expect(await keptContent(cache!, 'ab.1')).toBeUndefined();
    await keepContent(cache!, 'ab.1', bytes(10, 1));
    await keepContent(cache!, 'ab.1', bytes(20, 2));
    await keepContent(other!, 'ab.2', bytes(10, 3));
    await keepContent(cache!, 'ac.1', bytes(10, 4));
    expect(await keptContent(other!, 'ab.1')).toEqual(bytes(20, 2));
    expect((await cache!.list()).sort()).toEqual(['ab.1', 'ab.2', 'ac.1']);
    await other!.removeAll('ab.');
    expect(await cache!.list()).toEqual(['ac.1']);
    expect(await server.list('prefix/shared/')).toEqual(['prefix/shared/ac.1']);
  });

  it('holds its limit: what was written longest ago goes', async () => {
    const cache = createS3Cache({ bucket, folder: 'limited', limitBytes: 1000 });
    for (let n = 0; n < 10; n++) {
      await keepContent(cache, `n${n}`, bytes(268, n));
      // Times of objects are to the millisecond at best.
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    expect((await cache.list()).sort()).toEqual(['n7', 'n8', 'n9']);
    await keepContent(cache, 'too large', bytes(1001, 1));
    expect(await keptContent(cache, 'too large')).toBeUndefined();
  });
});
