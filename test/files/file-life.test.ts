import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFiles, type Files } from '../../src/files/create-files.ts';
import { createFileLife } from '../../src/files/file-life.ts';
import type { FileRecord } from '../../src/files/file-record.ts';
import { DATABASE_KINDS } from '../../testing/test-database.ts';
import { newProject, openTestFiles, type TestFiles, uploadOf } from '../../testing/test-files.ts';

describe.each(DATABASE_KINDS)('the life of a file, on %s', (kind) => {
  let t: TestFiles;
  let files: Files;
  let heard: string[];
  let complaints: unknown[];
  /** What the second listener does when files are about to be deleted, and when they are gone. */
  let refuse: () => Promise<void>;
  let fail: () => Promise<void>;
  const project = newProject();
  beforeAll(async () => {
    t = await openTestFiles(kind);
  });
  afterAll(() => t?.remove());
  beforeEach(() => {
    heard = [];
    complaints = [];
    refuse = async () => {};
    fail = async () => {};
    const life = createFileLife({ logger: { error: (details: unknown) => void complaints.push(details) } });
    life.listen({
      uploaded: ({ name }) => void heard.push(`uploaded ${name}`),
      async removing(transaction, fileIds) {
        const rows = await transaction.selectFrom('files').select('name').where('id', 'in', fileIds).execute();
        heard.push(`removing ${rows.map(({ name }) => name).sort()}`);
      },
      async removed(_project, gone) {
        heard.push(`removed ${gone.map(({ name }) => name).sort()}`);
      },
    });
    life.listen({ removing: () => refuse(), removed: () => fail() });
    files = createFiles({ database: t.database, blobs: t.blobs, life });
  });

  const create = (name: string) => files.create(project, { name }, { overwrite: false });
  const stream = (content: string) => Readable.from([Buffer.from(content)]);
  const remove = (...gone: FileRecord[]) =>
    files.remove(
      project,
      gone.map(({ id }) => ({ id })),
      { ignoreUnknownIds: true },
    );
  const stays = async ({ id }: FileRecord) =>
    (await files.find(project, [{ id }], { ignoreUnknownIds: true })).length === 1;

  it('is heard of from its upload to its end, whole or in parts', async () => {
    const [whole, parts] = [await create('whole'), await create('parts')];
    await files.upload(uploadOf(whole), stream('a'), 10);
    const { uploadId } = await files.startMultipartUpload(parts, 1);
    await files.uploadPart({ ...uploadOf(parts), uploadId, part: 1 }, stream('b'), 10);
    await files.completeMultipartUpload(project, { id: parts.id }, uploadId);
    await remove(whole, parts);
    expect(heard).toEqual(['uploaded whole', 'uploaded parts', 'removing parts,whole', 'removed parts,whole']);
  });

  it('goes on where a listener refuses its end, and nothing is lost', async () => {
    const file = await files.upload(uploadOf(await create('kept')), stream('a'), 10);
    refuse = () => Promise.reject(new Error('its job cannot be ended'));
    await expect(remove(file)).rejects.toThrow('its job cannot be ended');
    expect(await stays(file)).toBe(true);
    expect(heard).not.toContain('removed kept');
  });

  it('has ended even where a listener cannot tidy up, which is logged', async () => {
    const file = await create('gone');
    fail = () => Promise.reject(new Error('the store is away'));
    await remove(file);
    expect(await stays(file)).toBe(false);
    expect(heard).toContain('removed gone');
    expect(complaints).toEqual([expect.objectContaining({ fileIds: [file.id], project })]);
  });

  it('is not announced where nothing happened', async () => {
    const file = await create('twice');
    await remove(file);
    heard = [];
    await remove(file);
    await expect(files.upload(uploadOf(file), stream('a'), 10)).rejects.toMatchObject({ code: 'files-not-found' });
    expect(heard).toEqual([]);
  });
});
