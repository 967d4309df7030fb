import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Blobs } from '../../src/blobs/blobs.ts';
import { createDirectUploads, type DirectUploads } from '../../src/blobs/direct-uploads.ts';
import { createLocalCopies } from '../../src/blobs/local-copies.ts';
import { createS3Blobs } from '../../src/blobs/s3-blobs.ts';
import { openS3Bucket } from '../../src/blobs/s3-bucket.ts';
import { createFiles, type Files } from '../../src/files/create-files.ts';
import { createFileLife } from '../../src/files/file-life.ts';
import type { FileRecord } from '../../src/files/file-record.ts';
import { settleFirst } from '../../src/files/settle-first.ts';
import { createUploadSettler, type UploadSettler } from '../../src/files/settle-uploads.ts';
import { createFileSweeper } from '../../src/files/sweep-files.ts';
import { uploadName } from '../../src/files/upload-name.ts';
import { createLogger } from '../../src/telemetry/create-logger.ts';
import { type S3Server, startS3Server } from '../../testing/s3-server.ts';
import { openTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { newProject } from '../../testing/test-files.ts';

const DAY_MS = 24 * 3_600_000;
const HOUR_MS = 3_600_000;
const logger = createLogger('silent');

let server: S3Server;
let folder: string;
let test: TestDatabase;
let blobs: Blobs;
let uploads: DirectUploads;
let clock: number;
let uploaded: FileRecord[];
beforeAll(async () => {
  server = await startS3Server();
  Object.assign(process.env, server.environment);
  folder = await mkdtemp(join(tmpdir(), 'kontur-settle-'));
  test = await openTestDatabase('PGlite');
  const bucket = await openS3Bucket(server.location(''));
  const copies = createLocalCopies({ folder, limitBytes: 1_000_000, keepMs: 0 });
  blobs = createS3Blobs({ bucket, folder: 'contents', copies });
  uploads = createDirectUploads({ bucket, folder: 'contents' });
});
afterAll(async () => {
  await test.remove();
  await server.close();
  await rm(folder, { recursive: true });
});

describe('createUploadSettler', () => {
  let project: string;
  let plain: Files;
  beforeEach(async () => {
    project = newProject();
    clock = Date.now();
    uploaded = [];
    plain = createFiles({ database: test.database, blobs, now: () => clock });
    await test.database.kysely.deleteFrom('files').execute();
    for (const name of await server.list()) await uploadsOrContents(name);
  });

  /** Removes an object of an earlier test. */
  async function uploadsOrContents(name: string): Promise<void> {
    if (name.startsWith('contents/')) return blobs.remove(name.slice('contents/'.length));
    const upload = await uploads.find(name.slice('uploads/'.length));
    if (upload !== undefined) await uploads.discard(upload);
  }

  /** Creates the settler and the operations as another process would have them. */
  function open(over: Partial<DirectUploads> = {}): { settler: UploadSettler; files: Files } {
    const life = createFileLife({ logger });
    life.listen({ uploaded: (file) => void uploaded.push(file) });
    const settler = createUploadSettler({
      database: test.database,
      blobs,
      uploads: { ...uploads, ...over },
      limitBytes: 1000,
      life,
      logger,
      now: () => clock,
    });
    life.listen(settler);
    return {
      settler,
      files: settleFirst(createFiles({ database: test.database, blobs, life, now: () => clock }), settler),
    };
  }
  const create = (name = 'a.jpg') => plain.create(project, { name, externalId: name }, { overwrite: false });
  const nameOf = ({ id: fileId, uploadGeneration }: FileRecord) => uploadName({ project, fileId, uploadGeneration });
  async function put(name: string, body: string): Promise<void> {
    const answer = await fetch(await uploads.uploadUrl(name, 60_000), { method: 'PUT', body });
    expect(answer.status).toBe(200);
  }
  const known = async ({ id }: FileRecord) => (await plain.find(project, [{ id }], { ignoreUnknownIds: false }))[0]!;
  const look = async ({ files }: { files: Files }, { id }: FileRecord) =>
    (await files.find(project, [{ id }], { ignoreUnknownIds: false }))[0]!;
  const read = async ({ content }: FileRecord) => text(blobs.read(content!.blobKey));

  it('leaves one content where several processes look at once, and tells of it', async () => {
    const file = await create();
    await put(nameOf(file), 'content');
    const processes = [open(), open(), open()];
    const found = await Promise.all(processes.flatMap((process) => [look(process, file), look(process, file)]));
    for (const each of found) expect(each.uploaded).toBe(true);
    expect(await read(await known(file))).toBe('content');
    expect(await server.list()).toEqual([`contents/${(await known(file)).content!.blobKey}`]);
    expect(uploaded.length).toBeGreaterThan(0);
  });

  it('does not put an old content over a newer one, however long it took to look at it', async () => {
    const file = await create();
    await put(nameOf(file), 'first');
    let goOn = () => {};
    let reached = () => {};
    const waiting = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const slow = open({
      async store(upload) {
        const stored = await uploads.store(upload);
        reached();
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
        return stored;
      },
    });
    const late = look(slow, file);
    await waiting;
    const quick = open();
    await look(quick, file);
    await put(nameOf(file), 'second');
    await look(quick, file);
    goOn();
    expect(await read(await late)).toBe('second');
    expect(await read(await known(file))).toBe('second');
    expect(await server.list()).toHaveLength(1);
  });

  it('leaves alone what is put while it settles what was there before', async () => {
    const file = await create();
    await put(nameOf(file), 'first');
    const process = open({
      async store(upload) {
        const stored = await uploads.store(upload);
        await put(nameOf(file), 'second');
        return stored;
      },
    });
    await look(process, file);
    expect(await read(await look(open(), file))).toBe('second');
  });

  it('asks the store of no file whose links have long expired, or that never had one', async () => {
    const file = await create();
    await put(nameOf(file), 'content');
    await test.database.kysely.updateTable('files').set({ upload_link_time: null }).execute();
    const never = () => Promise.reject(new Error('the store was asked'));
    expect((await look(open({ find: never }), file)).uploaded).toBe(false);
    const linked = await plain.renewUpload(project, { id: file.id });
    await expect(look(open({ find: never }), file)).rejects.toThrow('the store was asked');
    clock += 8 * DAY_MS + 1;
    expect((await look(open({ find: never }), linked)).uploaded).toBe(false);
  });

  it('is passed on what the store throws', async () => {
    const file = await create();
    await server.cut();
    await expect(look(open(), file)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(open().files.list(project, { limit: 10 })).rejects.toMatchObject({ code: 'unavailable' });
    await server.mend();
  });

  it('sweeps what nobody asked for: contents are settled before their files expire, the rest is forgotten', async () => {
    const [unread, empty, deleted] = [await create('unread'), await create('empty'), await create('deleted')];
    for (const file of [unread, deleted]) await put(nameOf(file), 'content');
    await put(nameOf({ ...empty, uploadGeneration: 7 }), 'by no link');
    const { uploadId } = await plain.startMultipartUpload(empty, 2);
    await put(`${nameOf(empty)}/${uploadId}/1`, 'part');
    await put('what is this', 'nothing');
    await plain.remove(project, [{ id: deleted.id }], { ignoreUnknownIds: false });
    const { settler } = open();
    const sweeper = createFileSweeper({
      database: test.database,
      blobs,
      settle: settler.sweep,
      logger,
      now: () => clock,
    });

    await sweeper.sweep();
    expect((await known(unread)).uploaded).toBe(true);
    expect(await server.list('uploads/')).toHaveLength(4);
    clock += HOUR_MS + 60_000;
    await sweeper.sweep();
    const kept = [`uploads/${nameOf(empty)}/${uploadId}/1`, 'uploads/what is this'];
    expect((await server.list('uploads/')).sort()).toEqual(kept.sort());

    clock += 8 * DAY_MS;
    expect(await sweeper.sweep()).toMatchObject({ files: 1 });
    expect((await plain.list(project, { limit: 10 })).items.map(({ name }) => name)).toEqual(['unread']);
    expect(await server.list('uploads/')).toEqual(['uploads/what is this']);
  });
});
