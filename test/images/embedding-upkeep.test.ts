import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCacheFolder } from '../../src/blobs/cache-folder.ts';
import { createFiles, type Files } from '../../src/files/create-files.ts';
import { createFileLife } from '../../src/files/file-life.ts';
import type { FileRecord } from '../../src/files/file-record.ts';
import { createEmbeddingUpkeep, type EmbeddingUpkeep } from '../../src/images/embedding-upkeep.ts';
import type { FileCache } from '../../src/runtime/file-cache.ts';
import { createLogger } from '../../src/telemetry/create-logger.ts';
import { keepContent } from '../../testing/cached-content.ts';
import { DATABASE_KINDS } from '../../testing/test-database.ts';
import { newProject, openTestFiles, type TestFiles } from '../../testing/test-files.ts';

describe.each(DATABASE_KINDS)('embeddings of files, on %s', (kind) => {
  let t: TestFiles;
  let folder: string;
  let store: FileCache;
  let upkeep: EmbeddingUpkeep;
  let files: Files;
  beforeAll(async () => {
    t = await openTestFiles(kind);
  });
  afterAll(() => t?.remove());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kontur-embeddings-'));
    store = createCacheFolder({ folder, limitBytes: 1_000_000 });
    upkeep = createEmbeddingUpkeep({ database: t.database, store, logger: createLogger('silent') });
    const life = createFileLife({ logger: createLogger('silent') });
    life.listen(upkeep);
    files = createFiles({ database: t.database, blobs: t.blobs, life });
    return () => rm(folder, { recursive: true });
  });

  const project = newProject();
  /** A file of that content, whose embedding is kept. */
  async function encoded(content: string): Promise<FileRecord> {
    const file = await t.upload(await files.create(project, { name: 'a.jpg' }, { overwrite: false }), content);
    await keepContent(store, `${file.content!.sha256}.model-int8`, new Uint8Array(10));
    await keepContent(store, `${file.content!.sha256}.model-fp32`, new Uint8Array(10));
    return file;
  }
  const remove = (...removed: FileRecord[]) =>
    files.remove(
      project,
      removed.map(({ id }) => ({ id })),
      { ignoreUnknownIds: false },
    );
  const kept = async () => [...new Set((await store.list()).map((name) => name.split('.')[0]))].sort();
  const hashes = (...of: FileRecord[]) => of.map(({ content }) => content!.sha256).sort();

  it('go with their file', async () => {
    const [one, two, three] = [await encoded('one'), await encoded('two'), await encoded('three')];
    await remove(one, three);
    expect(await kept()).toEqual(hashes(two));
    await remove(two);
  });

  it('stay while a file of equal content is there, in whichever project', async () => {
    const [one, same] = [await encoded('equal'), await encoded('equal')];
    const created = await files.create(newProject(), { name: 'b.jpg' }, { overwrite: false });
    const foreign = await t.upload(created, 'equal');
    await remove(one);
    await remove(same);
    expect(await kept()).toEqual(hashes(one));
    await files.remove(foreign.project, [{ id: foreign.id }], { ignoreUnknownIds: false });
    expect(await kept()).toEqual([]);
  });

  it('stay when the removal is refused', async () => {
    const file = await encoded('refused');
    const references = [{ id: file.id }, { id: 1 }];
    await expect(files.remove(project, references, { ignoreUnknownIds: false })).rejects.toMatchObject({
      code: 'files-not-found',
    });
    expect(await kept()).toEqual(hashes(file));
    await remove(file);
  });

  it('are swept where their file went without their knowing, or has other content now', async () => {
    const [gone, replaced, stays] = [await encoded('gone'), await encoded('before'), await encoded('stays')];
    await t.files.remove(project, [{ id: gone.id }], { ignoreUnknownIds: false });
    await t.upload(replaced, 'after');
    expect(await upkeep.sweep()).toBe(2);
    expect(await kept()).toEqual(hashes(stays));
    expect(await upkeep.sweep()).toBe(0);
    await remove(stays, replaced);
  });

  it('are swept at the start', async () => {
    await keepContent(store, `${'0'.repeat(64)}.model`, new Uint8Array(10));
    upkeep.start();
    await expect.poll(kept).toEqual([]);
    await upkeep.stop();
  });
});
