import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FileReference } from '#contract/files/file-reference';
import type { FileRecord } from '../../src/files/file-record.ts';
import { DATABASE_KINDS } from '../../testing/test-database.ts';
import { newProject, openTestFiles, type TestFiles } from '../../testing/test-files.ts';

describe.each(DATABASE_KINDS)('finding and removing files on %s', (kind) => {
  let test: TestFiles;
  let project: string;
  let files: FileRecord[];
  beforeAll(async () => {
    test = await openTestFiles(kind);
  });
  afterAll(() => test.remove());
  beforeEach(async () => {
    project = newProject();
    files = [];
    for (const externalId of ['a', 'b', 'c']) {
      files.push(await test.files.create(project, { name: `${externalId}.jpg`, externalId }, { overwrite: false }));
    }
  });

  const find = (references: FileReference[], ignoreUnknownIds = false, from = project) =>
    test.files.find(from, references, { ignoreUnknownIds });
  const remove = (references: FileReference[], ignoreUnknownIds = false, from = project) =>
    test.files.remove(from, references, { ignoreUnknownIds });
  const names = (found: FileRecord[]) => found.map(({ name }) => name);
  const giveInstanceId = (id: number, space: string, externalId: string) =>
    test.database.kysely
      .updateTable('files')
      .set({ instance_space: space, instance_external_id: externalId })
      .where('id', '=', id)
      .execute();

  it('answers in the order of the request, whatever names are used', async () => {
    const [a, , c] = files as [FileRecord, FileRecord, FileRecord];
    await giveInstanceId(a.id, 'plant', 'node a');
    const found = await find([
      { id: c.id },
      { instanceId: { space: 'plant', externalId: 'node a' } },
      { externalId: 'b' },
    ]);
    expect(names(found)).toEqual(['c.jpg', 'a.jpg', 'b.jpg']);
    expect(found[1]?.instanceId).toEqual({ space: 'plant', externalId: 'node a' });
  });

  it('names the ids that are missing, as the hosted API words it', async () => {
    await expect(find([{ id: files[0]!.id }, { id: 999_991 }, { id: 999_992 }])).rejects.toMatchObject({
      code: 'files-not-found',
      status: 400,
      message: 'File ids not found: 999991, 999992',
      details: { missing: [{ id: 999_991 }, { id: 999_992 }] },
    });
    await expect(find([{ externalId: 'x' }, { externalId: 'a' }, { externalId: 'y' }])).rejects.toMatchObject({
      message: 'Files ids not found: x, y',
      details: { missing: [{ externalId: 'x' }, { externalId: 'y' }] },
    });
    await expect(find([{ instanceId: { space: 's', externalId: 'n' } }, { id: 5 }])).rejects.toMatchObject({
      message: 'File ids not found: 5. File instance ids not found: s:n',
      details: { missing: [{ instanceId: { space: 's', externalId: 'n' } }, { id: 5 }] },
    });
  });

  it('looks for duplicates before it looks for files', async () => {
    await expect(find([{ id: 999_991 }, { id: 999_991 }, { id: 999_992 }], true)).rejects.toMatchObject({
      code: 'files-duplicated',
      status: 409,
      message: 'Duplicate ids: 999991',
      details: { duplicated: [{ id: 999_991 }] },
    });
    await expect(find([{ externalId: 'a' }, { externalId: 'a' }, { externalId: 'a' }])).rejects.toMatchObject({
      message: 'Duplicate external ids: a',
      details: { duplicated: [{ externalId: 'a' }] },
    });
  });

  it('gives a file twice that is named in two ways', async () => {
    expect(names(await find([{ id: files[0]!.id }, { externalId: 'a' }]))).toEqual(['a.jpg', 'a.jpg']);
  });

  it('leaves unknown ones out where that is asked for', async () => {
    expect(names(await find([{ externalId: 'x' }, { externalId: 'b' }, { id: 1 }], true))).toEqual(['b.jpg']);
    expect(await find([{ id: 1 }], true)).toEqual([]);
  });

  it('does not see into another project', async () => {
    const elsewhere = newProject();
    await expect(find([{ id: files[0]!.id }], false, elsewhere)).rejects.toMatchObject({ code: 'files-not-found' });
    await expect(find([{ externalId: 'a' }], false, elsewhere)).rejects.toMatchObject({ code: 'files-not-found' });
    await expect(remove([{ id: files[0]!.id }], false, elsewhere)).rejects.toMatchObject({ code: 'files-not-found' });
    await remove([{ id: files[0]!.id }], true, elsewhere);
    expect(await find([{ id: files[0]!.id }])).toHaveLength(1);
  });

  it('refuses ids that cannot be stored instead of failing on them', async () => {
    await expect(find([{ externalId: 'a\0' }])).rejects.toMatchObject({ code: 'invalid-request' });
  });

  it('takes a thousand references', async () => {
    const references = Array.from({ length: 999 }, (_, n) => ({ id: n + 1 }));
    expect(names(await find([...references, { externalId: 'c' }], true))).toEqual(['c.jpg']);
  });

  it('removes rows and contents, all that are named or none', async () => {
    const stored = await test.storedKeys();
    await test.upload(files[0]!, 'content of a');
    const kept = await test.upload(files[1]!, 'content of b');
    await expect(remove([{ externalId: 'a' }, { externalId: 'x' }])).rejects.toMatchObject({ code: 'files-not-found' });
    expect(names(await find([{ externalId: 'a' }]))).toEqual(['a.jpg']);

    await remove([{ externalId: 'a' }, { id: files[2]!.id }]);
    expect(
      names(
        await find(
          files.map(({ id }) => ({ id })),
          true,
        ),
      ),
    ).toEqual(['b.jpg']);
    expect(new Set(await test.storedKeys())).toEqual(new Set([...stored, kept.content!.blobKey]));
    await remove([{ externalId: 'a' }], true);
    await test.files.create(project, { name: 'again', externalId: 'a' }, { overwrite: false });
  });
});
