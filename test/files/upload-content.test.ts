import { createHash } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FileRecord, toWireFile } from '../../src/files/file-record.ts';
import { FILE_KINDS, newProject, openTestFiles, type TestFiles, uploadOf } from '../../testing/test-files.ts';
import { until } from '../../testing/test-jobs.ts';

describe.each(FILE_KINDS)('uploading content on %s and %s', (kind, store) => {
  let test: TestFiles;
  let file: FileRecord;
  let stored: string[];
  beforeAll(async () => {
    test = await openTestFiles(kind, store);
  });
  afterAll(() => test.remove());
  beforeEach(async () => {
    test.clock.time = 1_700_000_000_000;
    file = await test.files.create(newProject(), { name: 'a.jpg', externalId: 'a' }, { overwrite: false });
    stored = await test.storedKeys();
    test.clock.time += 1000;
  });

  const current = async () => (await test.files.find(file.project, [{ id: file.id }], { ignoreUnknownIds: false }))[0]!;
  const newlyStored = async () => (await test.storedKeys()).filter((key) => !stored.includes(key));
  const read = async ({ content }: FileRecord) => text(test.blobs.read(content!.blobKey));

  it('sets uploaded and uploadedTime, and leaves lastUpdatedTime', async () => {
    const uploaded = await test.upload(file, 'hello');
    expect(toWireFile(uploaded)).toEqual({ ...toWireFile(file), uploaded: true, uploadedTime: 1_700_000_001_000 });
    expect(uploaded.content).toMatchObject({ bytes: 5, sha256: createHash('sha256').update('hello').digest('hex') });
    expect(await current()).toEqual(uploaded);
    expect(await read(uploaded)).toBe('hello');
  });

  it('replaces the content when the same link is used again, and removes the old one', async () => {
    await test.upload(file, 'old');
    const uploaded = await test.upload(file, 'new');
    expect(await read(uploaded)).toBe('new');
    expect(await newlyStored()).toEqual([uploaded.content!.blobKey]);
  });

  it('keeps the old content readable until the new one is whole', async () => {
    await test.upload(file, 'old');
    const overwritten = await test.files.create(file.project, { name: 'b.jpg', externalId: 'a' }, { overwrite: true });
    const stream = new PassThrough();
    const upload = test.files.upload(uploadOf(overwritten), stream, 100);
    stream.write('ne');
    await until(() => stream.readableLength === 0);
    expect(await read(await current())).toBe('old');
    stream.end('w');
    await upload;
    expect(await read(await current())).toBe('new');
    expect(await newlyStored()).toHaveLength(1);
  });

  it('leaves exactly one content behind when several uploads run at once', async () => {
    const contents = Array.from({ length: 6 }, (_, n) => `content ${n} `.repeat(1000));
    const results = await Promise.all(contents.map((content) => test.upload(file, content)));
    expect(new Set(results.map(({ content }) => content!.blobKey)).size).toBe(6);
    const final = await current();
    expect(await newlyStored()).toEqual([final.content!.blobKey]);
    expect(contents).toContain(await read(final));
  });

  it('changes nothing when the stream breaks off or is too long', async () => {
    const before = await test.upload(file, 'old');
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('half');
        throw new Error('gone');
      })(),
    );
    await expect(test.files.upload(uploadOf(file), broken, 100)).rejects.toThrow('gone');
    const long = Readable.from([Buffer.alloc(101)]);
    await expect(test.files.upload(uploadOf(file), long, 100)).rejects.toMatchObject({ code: 'body-too-large' });
    expect(await current()).toEqual(before);
    expect(await newlyStored()).toEqual([before.content!.blobKey]);
  });

  it('refuses a link from before an overwrite, at the start and at the end of an upload', async () => {
    const stream = new PassThrough();
    const running = expect(test.files.upload(uploadOf(file), stream, 100)).rejects.toMatchObject({
      code: 'forbidden',
      message: 'A newer upload link was made for this file. Upload to that one.',
    });
    stream.write('old');
    await until(() => stream.readableLength === 0);
    const overwritten = await test.files.create(file.project, { name: 'b.jpg', externalId: 'a' }, { overwrite: true });
    stream.end();
    await running;
    await expect(test.upload(file, 'old')).rejects.toMatchObject({ code: 'forbidden' });
    expect(await newlyStored()).toEqual([]);
    await test.upload(overwritten, 'new');
  });

  it('stores nothing for a file that was deleted before, or meanwhile', async () => {
    const missing = { code: 'files-not-found', message: `File ids not found: ${file.id}` };
    const stream = new PassThrough();
    const running = expect(test.files.upload(uploadOf(file), stream, 100)).rejects.toMatchObject(missing);
    stream.write('x');
    await until(() => stream.readableLength === 0);
    await test.files.remove(file.project, [{ id: file.id }], { ignoreUnknownIds: false });
    stream.end();
    await running;
    await expect(test.upload(file, 'x')).rejects.toMatchObject(missing);
    expect(await newlyStored()).toEqual([]);
  });

  it('does not reach a file of another project', async () => {
    const elsewhere = { ...uploadOf(file), project: newProject() };
    await expect(test.files.upload(elsewhere, Readable.from(['x']), 100)).rejects.toMatchObject({
      code: 'files-not-found',
    });
  });
});
