import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFileSweeper, type FileSweeper } from '../../src/files/sweep-files.ts';
import { FILE_KINDS, newProject, openTestFiles, type TestFiles, uploadOf } from '../../testing/test-files.ts';
import { recordingLogger, until } from '../../testing/test-jobs.ts';

const DAY_MS = 24 * 3_600_000;

describe.each(FILE_KINDS)('sweeping on %s and %s', (kind, store) => {
  let test: TestFiles;
  let project: string;
  let sweeper: FileSweeper;
  let logger: ReturnType<typeof recordingLogger> & { info: (fields: object, text?: string) => void };
  beforeAll(async () => {
    test = await openTestFiles(kind, store);
  });
  afterAll(() => test.remove());
  beforeEach(async () => {
    test.clock.time = Date.now();
    project = newProject();
    const lines = recordingLogger();
    logger = { ...lines, info: (fields, text) => void lines.lines.push({ level: 'info', fields, text }) };
    sweeper = createFileSweeper({ ...test, logger, now: () => test.clock.time });
    await test.database.kysely.deleteFrom('files').execute();
    for await (const { key } of test.blobs.list()) await test.blobs.remove(key);
  });

  const create = (name: string) => test.files.create(project, { name, externalId: name }, { overwrite: false });
  const names = async () => (await test.files.list(project, { limit: 1000 })).items.map(({ name }) => name).sort();
  const write = async (text: string) => (await test.blobs.write(Readable.from([Buffer.from(text)]), 100)).key;

  it('takes away files that got no content in the week after their latest upload link', async () => {
    for (const name of ['forgotten', 'overwritten', 'linked', 'updated', 'of a node']) await create(name);
    const kept = await test.upload(await create('uploaded'), 'content');
    await test.database.kysely
      .updateTable('files')
      .set({ instance_space: 'plant', instance_external_id: 'node' })
      .where('name', '=', 'of a node')
      .execute();
    test.clock.time += 6 * DAY_MS;
    expect(await sweeper.sweep()).toEqual({ files: 0, multipartUploads: 0, orphans: 0 });
    await test.files.create(project, { name: 'overwritten', externalId: 'overwritten' }, { overwrite: true });
    await test.files.renewUpload(project, { externalId: 'linked' });
    await test.files.update(project, [{ externalId: 'updated', update: {} }]);
    await create('young');

    test.clock.time += 1.1 * DAY_MS;
    expect(await sweeper.sweep()).toEqual({ files: 1, multipartUploads: 0, orphans: 0 });
    expect(await names()).toEqual(['linked', 'of a node', 'overwritten', 'updated', 'uploaded', 'young']);
    test.clock.time += 7 * DAY_MS;
    expect((await sweeper.sweep()).files).toBe(4);
    expect(await names()).toEqual(['of a node', 'uploaded']);
    expect(await test.storedKeys()).toEqual([kept.content!.blobKey]);
  });

  it('works through more files than it takes at once', async () => {
    const time = test.clock.time - 8 * DAY_MS;
    const rows = Array.from({ length: 450 }, (_, n) => ({
      id: n + 1,
      project,
      name: `${n}`,
      created_time: time,
      last_updated_time: time,
    }));
    await test.database.kysely.insertInto('files').values(rows).execute();
    expect((await sweeper.sweep()).files).toBe(450);
    expect(await names()).toEqual([]);
  });

  it('takes away uploads in parts that were not completed in a week, or that a newer link made invalid', async () => {
    const file = await test.upload(await create('a'), 'content');
    const begin = async (of = file) => {
      const { uploadId } = await test.files.startMultipartUpload(of, 2);
      const part = Readable.from([randomBytes(10)]);
      await test.files.uploadPart({ ...uploadOf(of), uploadId, part: 1 }, part, 100);
      return uploadId;
    };
    await begin();
    test.clock.time += 6 * DAY_MS;
    const young = await begin();
    test.clock.time += 2 * DAY_MS;
    expect(await sweeper.sweep()).toEqual({ files: 0, multipartUploads: 1, orphans: 0 });
    expect(await test.storedKeys()).toHaveLength(2);
    await expect(test.files.completeMultipartUpload(project, { id: file.id }, young)).rejects.toMatchObject({
      code: 'upload-incomplete',
    });

    const renewed = await test.files.renewUpload(project, { id: file.id });
    await begin(renewed);
    expect(await sweeper.sweep()).toEqual({ files: 0, multipartUploads: 1, orphans: 0 });
    expect(await test.storedKeys()).toHaveLength(2);
    await expect(test.files.completeMultipartUpload(project, { id: file.id }, young)).rejects.toMatchObject({
      code: 'upload-not-found',
    });
    expect((await test.files.find(project, [{ id: file.id }], { ignoreUnknownIds: false }))[0]?.content).toEqual(
      file.content,
    );
  });

  it('takes away a file that expired together with the parts that came for it', async () => {
    const file = await create('a');
    const { uploadId } = await test.files.startMultipartUpload(file, 2);
    await test.files.uploadPart({ ...uploadOf(file), uploadId, part: 2 }, Readable.from(['x']), 100).catch(() => {});
    await test.files.uploadPart({ ...uploadOf(file), uploadId, part: 2 }, Readable.from([Buffer.from('x')]), 100);
    test.clock.time += 7 * DAY_MS + 1;
    await sweeper.sweep();
    expect(await names()).toEqual([]);
    expect(await test.storedKeys()).toEqual([]);
  });

  it('removes contents that nothing refers to, but not young ones', async () => {
    const file = await test.upload(await create('a'), 'content');
    const { uploadId } = await test.files.startMultipartUpload(file, 1);
    await test.files.uploadPart({ ...uploadOf(file), uploadId, part: 1 }, Readable.from([Buffer.from('p')]), 100);
    const referenced = await test.storedKeys();
    for (let n = 0; n < 3; n++) await write(`orphan ${n}`);
    expect((await sweeper.sweep()).orphans).toBe(0);
    test.clock.time += 3_600_000 + 60_000;
    expect((await sweeper.sweep()).orphans).toBe(3);
    expect((await test.storedKeys()).sort()).toEqual(referenced.sort());
  });

  it('removes copies on this machine of contents that nothing refers to', async () => {
    const file = await test.upload(await create('a'), 'content');
    const { blobKey } = file.content!;
    const storedTime = test.clock.time;
    const keys = new Set([blobKey, 'orphan']);
    const copies = {
      async *list() {
        for (const key of keys) yield { key, storedTime };
      },
      remove: async (key: string) => void keys.delete(key),
    };
    const copying = createFileSweeper({ ...test, copies, logger, now: () => test.clock.time });
    await copying.sweep();
    expect(keys.size).toBe(2);
    test.clock.time += 3_600_000 + 60_000;
    await copying.sweep();
    expect([...keys]).toEqual([blobKey]);
  });

  it('sweeps when it is started, tells the log what it took, and stops', async () => {
    await create('forgotten');
    test.clock.time += 8 * DAY_MS;
    sweeper.start();
    await until(async () => (await names()).length === 0);
    await until(() => logger.lines.length > 0);
    await sweeper.stop();
    expect(logger.lines).toEqual([
      {
        level: 'info',
        fields: { files: 1, multipartUploads: 0, orphans: 0 },
        text: 'expired uploads were deleted',
      },
    ]);
  });

  it('goes on after a sweep that failed', async () => {
    let broken = true;
    const blobs = {
      remove: test.blobs.remove,
      list() {
        if (broken) throw new Error('the store is away');
        return test.blobs.list();
      },
    };
    const failing = createFileSweeper({ ...test, blobs, logger, now: () => test.clock.time, intervalMs: 10 });
    await write('orphan');
    test.clock.time += DAY_MS;
    failing.start();
    await until(() => logger.lines.some(({ level }) => level === 'error'));
    broken = false;
    await until(async () => (await test.storedKeys()).length === 0);
    await failing.stop();
  });
});
