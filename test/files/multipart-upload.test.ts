import { createHash, randomBytes } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MAX_PART_BYTES } from '#contract/limits';
import type { FileRecord } from '../../src/files/file-record.ts';
import { FILE_KINDS, newProject, openTestFiles, type TestFiles, uploadOf } from '../../testing/test-files.ts';
import { until } from '../../testing/test-jobs.ts';

const LARGE = randomBytes(1_000_000);
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

describe.each(FILE_KINDS)('uploading in parts on %s and %s', (kind, store) => {
  let test: TestFiles;
  let project: string;
  let file: FileRecord;
  let stored: string[];
  beforeAll(async () => {
    test = await openTestFiles(kind, store);
  });
  afterAll(() => test.remove());
  beforeEach(async () => {
    test.clock.time = 1_700_000_000_000;
    project = newProject();
    file = await test.files.create(project, { name: 'a.jpg', externalId: 'a' }, { overwrite: false });
    stored = await test.storedKeys();
  });

  const start = async (parts: number, of = file) => (await test.files.startMultipartUpload(of, parts)).uploadId;
  const put = (uploadId: string, part: number, content: Uint8Array | Readable, of = file) => {
    const stream = content instanceof Readable ? content : Readable.from([content]);
    return test.files.uploadPart({ ...uploadOf(of), uploadId, part }, stream, MAX_PART_BYTES);
  };
  const complete = (uploadId: string, of: FileRecord = file) =>
    test.files.completeMultipartUpload(of.project, { id: of.id }, uploadId);
  const current = async () => (await test.files.find(project, [{ id: file.id }], { ignoreUnknownIds: false }))[0]!;
  const newlyStored = async () => (await test.storedKeys()).filter((key) => !stored.includes(key));
  const read = ({ content }: FileRecord) => buffer(test.blobs.read(content!.blobKey));

  it('puts the parts together in order, whatever order they came in', async () => {
    const uploadId = await start(4);
    const parts = [1, 2, 3, 4].map((n) => Buffer.concat([LARGE.subarray(n), randomBytes(n === 4 ? 17 : 100)]));
    await Promise.all([3, 1, 4, 2].map((part) => put(uploadId, part, parts[part - 1]!)));
    test.clock.time += 1000;
    const uploaded = await complete(uploadId);
    const whole = Buffer.concat(parts);
    expect(uploaded.content).toMatchObject({
      bytes: whole.length,
      sha256: sha256(whole),
    });
    expect(whole.equals(await read(uploaded))).toBe(true);
    expect(uploaded).toMatchObject({ uploaded: true, uploadedTime: 1_700_000_001_000, createdTime: file.createdTime });
    expect(await current()).toEqual(uploaded);
    expect(await newlyStored()).toEqual([uploaded.content!.blobKey]);
  });

  it('makes a single part, however small, the content as it is', async () => {
    const uploadId = await start(1);
    await put(uploadId, 1, Buffer.from('tiny'));
    const [key] = await newlyStored();
    const uploaded = await complete(uploadId);
    expect(uploaded.content).toEqual({
      blobKey: key,
      bytes: 4,
      sha256: sha256('tiny'),
    });
    expect(await newlyStored()).toEqual([key]);
  });

  it('takes the latest of what was put for a part', async () => {
    const uploadId = await start(2);
    await put(uploadId, 2, Buffer.from('first'));
    await put(uploadId, 1, LARGE);
    await put(uploadId, 2, Buffer.from('second'));
    expect(await newlyStored()).toHaveLength(2);
    const { content } = await complete(uploadId);
    expect(content?.sha256).toBe(sha256(Buffer.concat([LARGE, Buffer.from('second')])));
  });

  it('leaves one content for a part that is put several times at once', async () => {
    const uploadId = await start(1);
    await Promise.all(Array.from({ length: 6 }, (_, n) => put(uploadId, 1, Buffer.from(`content ${n}`))));
    expect(await newlyStored()).toHaveLength(1);
    expect((await read(await complete(uploadId))).toString()).toMatch(/^content \d$/);
  });

  it('names the parts that are missing, and goes on when they have come', async () => {
    const uploadId = await start(3);
    await put(uploadId, 2, LARGE);
    await expect(complete(uploadId)).rejects.toMatchObject({
      code: 'upload-incomplete',
      status: 400,
      message:
        'Not all of the 3 parts have been uploaded. PUT what is missing to its uploadUrl, then complete again: part 1, 3.',
    });
    await put(uploadId, 1, LARGE);
    await put(uploadId, 3, Buffer.alloc(0));
    expect((await complete(uploadId)).content?.bytes).toBe(2 * LARGE.length);
  });

  it('lists twenty of many missing parts', async () => {
    const uploadId = await start(250);
    await expect(complete(uploadId)).rejects.toMatchObject({
      message: expect.stringMatching(/part 1, 2, .*, 20 and 230 more\.$/),
    });
  });

  it('takes parts of any size, as recorded clients send them', async () => {
    const uploadId = await start(3);
    for (const part of [1, 2, 3]) await put(uploadId, part, part === 2 ? LARGE : Buffer.from('tiny'));
    expect((await complete(uploadId)).content?.bytes).toBe(LARGE.length + 8);
  });

  it('is completed once, however often and by however many that is asked', async () => {
    const uploadId = await start(2);
    await put(uploadId, 1, LARGE);
    await put(uploadId, 2, LARGE);
    const results = await Promise.all(Array.from({ length: 5 }, () => complete(uploadId)));
    expect(new Set(results.map(({ content }) => content!.blobKey)).size).toBe(1);
    expect(await newlyStored()).toHaveLength(1);
    await test.upload(file, 'newer');
    expect((await complete(uploadId)).content?.bytes).toBe(5);
  });

  it('keeps the earlier content until it is completed, and then removes it', async () => {
    const before = await test.upload(file, 'old');
    const uploadId = await start(2);
    await put(uploadId, 1, LARGE);
    await put(uploadId, 2, Buffer.from('end'));
    expect(await current()).toEqual(before);
    expect((await read(before)).toString()).toBe('old');
    const uploaded = await complete(uploadId);
    expect(await newlyStored()).toEqual([uploaded.content!.blobKey]);
  });

  it('takes no more parts when it is completed', async () => {
    const uploadId = await start(1);
    await put(uploadId, 1, Buffer.from('x'));
    const late = new PassThrough();
    const running = expect(put(uploadId, 1, late)).rejects.toMatchObject({ code: 'forbidden' });
    late.write('late');
    await until(() => late.readableLength === 0);
    const { content } = await complete(uploadId);
    late.end();
    await running;
    await expect(put(uploadId, 1, Buffer.from('y'))).rejects.toMatchObject({
      code: 'forbidden',
      message: 'This multipart upload has been completed. Begin a new one to replace the content.',
    });
    expect(await newlyStored()).toEqual([content!.blobKey]);
  });

  it('stores nothing of a part that breaks off or is too large', async () => {
    const uploadId = await start(1);
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('half');
        throw new Error('gone');
      })(),
    );
    await expect(put(uploadId, 1, broken)).rejects.toThrow('gone');
    const upload = { ...uploadOf(file), uploadId, part: 1 };
    await expect(test.files.uploadPart(upload, Readable.from([Buffer.alloc(11)]), 10)).rejects.toMatchObject({
      code: 'body-too-large',
    });
    expect(await newlyStored()).toEqual([]);
  });

  it('ends with a newer upload link, in parts or not', async () => {
    const uploadId = await start(1);
    await put(uploadId, 1, Buffer.from('x'));
    const renewed = await test.files.renewUpload(project, { externalId: 'a' });
    expect(renewed).toEqual({ ...file, uploadGeneration: 2 });
    const stale = { code: 'forbidden', message: 'A newer upload link was made for this file. Upload to that one.' };
    await expect(put(uploadId, 1, Buffer.from('y'))).rejects.toMatchObject(stale);
    await expect(complete(uploadId)).rejects.toMatchObject(stale);
    await expect(test.upload(file, 'z')).rejects.toMatchObject(stale);
    const second = await start(1, renewed);
    await put(second, 1, Buffer.from('new'), renewed);
    expect((await complete(second)).content?.bytes).toBe(3);
  });

  it('belongs to its file and its project', async () => {
    const uploadId = await start(1);
    await put(uploadId, 1, Buffer.from('x'));
    const sibling = await test.files.create(project, { name: 'b.jpg' }, { overwrite: false });
    const elsewhere = await test.files.create(newProject(), { name: 'c.jpg' }, { overwrite: false });
    for (const other of [sibling, elsewhere]) {
      const unknown = { code: 'upload-not-found', status: 400, message: expect.stringContaining(uploadId) };
      await expect(complete(uploadId, other)).rejects.toMatchObject(unknown);
      await expect(put(uploadId, 1, Buffer.from('y'), other)).rejects.toMatchObject(unknown);
    }
    const stranger = { ...file, project: elsewhere.project };
    await expect(complete(uploadId, stranger)).rejects.toMatchObject({ code: 'files-not-found' });
    await expect(put(uploadId, 1, Buffer.from('y'), stranger)).rejects.toMatchObject({ code: 'files-not-found' });
    await expect(complete('no such upload')).rejects.toMatchObject({ code: 'upload-not-found' });
    expect((await read(await complete(uploadId))).toString()).toBe('x');
  });

  it('goes with its file, parts included', async () => {
    const uploadId = await start(3);
    await put(uploadId, 1, Buffer.from('x'));
    await put(uploadId, 3, Buffer.from('z'));
    await test.files.remove(project, [{ id: file.id }], { ignoreUnknownIds: false });
    expect(await newlyStored()).toEqual([]);
    await expect(put(uploadId, 2, Buffer.from('y'))).rejects.toMatchObject({ code: 'files-not-found' });
    expect(await newlyStored()).toEqual([]);
  });
});
