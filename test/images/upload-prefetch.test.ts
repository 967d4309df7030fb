import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { ImageFile } from '../../src/engine/image-file.ts';
import { createFiles, type Files } from '../../src/files/create-files.ts';
import { createFileLife } from '../../src/files/file-life.ts';
import type { FileRecord } from '../../src/files/file-record.ts';
import { createUploadPrefetch, type UploadPrefetch } from '../../src/images/upload-prefetch.ts';
import { createLogger } from '../../src/telemetry/create-logger.ts';
import { newProject, openTestFiles, type TestFiles, uploadOf } from '../../testing/test-files.ts';

let t: TestFiles;
let prefetch: UploadPrefetch;
let files: Files;
let encoded: { image: ImageFile; content: string }[];
let failures: unknown[];
/** Holds the encoder up until it is called. */
let finish: () => void;
let atOnce: number;
let mostAtOnce: number;

beforeAll(async () => {
  t = await openTestFiles('PGlite');
});
afterAll(() => t?.remove());
beforeEach(() => {
  encoded = [];
  failures = [];
  atOnce = 0;
  mostAtOnce = 0;
  finish = () => {};
  const warm = async (image: ImageFile, signal?: AbortSignal) => {
    mostAtOnce = Math.max(mostAtOnce, ++atOnce);
    const content = await readFile(image.path, 'utf8');
    const held = new Promise<void>((resolve, reject) => {
      finish = resolve;
      signal?.addEventListener('abort', () => reject(signal.reason));
    });
    await held.finally(() => atOnce--);
    if (content === 'bad') throw new Error('no image');
    encoded.push({ image, content });
  };
  const logger = { debug: (details: unknown) => void failures.push(details) };
  prefetch = createUploadPrefetch({ blobs: t.blobs, engine: { warm }, logger });
  const life = createFileLife({ logger: createLogger('silent') });
  life.listen(prefetch);
  files = createFiles({ database: t.database, blobs: t.blobs, life });
});

const project = newProject();
async function upload(name: string, content: string): Promise<FileRecord> {
  const file = await t.files.create(project, { name }, { overwrite: false });
  return files.upload(uploadOf(file), Readable.from([Buffer.from(content)]), 1000);
}
const release = async (count: number) => {
  const ended = () => {
    finish();
    return encoded.length + failures.length;
  };
  await expect.poll(ended).toBe(count);
};

it('encodes what is uploaded, one image at a time, without keeping the upload waiting', async () => {
  const uploaded = [await upload('a.jpg', 'one'), await upload('b.png', 'two'), await upload('c.jpeg', 'three')];
  expect(encoded, 'uploads are answered before').toEqual([]);
  await release(3);
  expect(encoded.map(({ content }) => content)).toEqual(['one', 'two', 'three']);
  expect(encoded.map(({ image }) => image.contentHash)).toEqual(uploaded.map(({ content }) => content!.sha256));
  expect(mostAtOnce).toBe(1);
});

it('encodes what is uploaded in parts', async () => {
  const file = await t.files.create(project, { name: 'a.jpg' }, { overwrite: false });
  const { uploadId } = await t.files.startMultipartUpload(file, 1);
  const part = { ...uploadOf(file), uploadId, part: 1 };
  await t.files.uploadPart(part, Readable.from([Buffer.from('whole')]), 1000);
  await files.completeMultipartUpload(project, { id: file.id }, uploadId);
  await release(1);
  expect(encoded[0]!.content).toBe('whole');
});

it('leaves alone what is named like no image, and goes on after one that cannot be encoded', async () => {
  await upload('notes.txt', 'text');
  await upload('bad.jpg', 'bad');
  await upload('good.jpg', 'good');
  await release(3);
  expect(encoded.map(({ content }) => content)).toEqual(['good']);
  expect(failures).toHaveLength(2);
});

it('gives up what is left when it is stopped', async () => {
  await upload('a.jpg', 'one');
  await upload('b.jpg', 'two');
  await prefetch.stop();
  expect(encoded).toEqual([]);
  await upload('c.jpg', 'three');
  await prefetch.stop();
  expect(encoded).toEqual([]);
  expect(atOnce).toBe(0);
});
