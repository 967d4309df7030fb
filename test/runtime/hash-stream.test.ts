import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { hashStream, measureStream } from '../../src/runtime/hash-stream.ts';

const content = Buffer.from(Array.from({ length: 100_003 }, (_, i) => (i * i) % 251));
const pieces = () => Readable.from([content.subarray(0, 1), content.subarray(1, 70_000), content.subarray(70_000)]);
const sha256 = createHash('sha256').update(content).digest('hex');

it('a content passes as it is, and is counted and hashed', async () => {
  const { chunks, measure } = hashStream(pieces());
  expect((await buffer(chunks)).equals(content)).toBe(true);
  expect(measure()).toEqual({ bytes: content.length, sha256 });
});

it('a whole content is measured, also an empty one', async () => {
  expect(await measureStream(pieces())).toEqual({ bytes: content.length, sha256 });
  const none = createHash('sha256').digest('hex');
  expect(await measureStream(Readable.from([]))).toEqual({ bytes: 0, sha256: none });
});

it('a failure of the content is that of its reader', async () => {
  async function* failing() {
    yield content;
    throw new Error('cut off');
  }
  await expect(measureStream(failing())).rejects.toThrow('cut off');
});
