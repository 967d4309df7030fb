import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely, KyselyPlugin } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Principal } from '../../src/auth/principal.ts';
import type { Database } from '../../src/database/open-database.ts';
import type { Schema } from '../../src/database/schema.ts';
import { createFiles, type Files } from '../../src/files/create-files.ts';
import type { FileRecord } from '../../src/files/file-record.ts';
import type { FileWriter } from '../../src/files/lock-files.ts';
import { fileWriter } from '../../src/http/routes/files/permitted-files.ts';
import { createJobs, type Jobs } from '../../src/jobs/create-jobs.ts';
import { createInstances } from '../../src/nodes/create-instances.ts';
import { DATABASE_KINDS } from '../../testing/test-database.ts';
import { newProject, openTestFiles, type TestFiles, uploadOf } from '../../testing/test-files.ts';
import { NOTHING, newJob, recordingLogger } from '../../testing/test-jobs.ts';

/** Data set of the writer, and one that it has no right to. */
const OWN = 5;
const FOREIGN = 6;
/** Long enough for a statement that nothing holds up; one that waits for a lock waits on. */
const SETTLED_MS = 150;

/** The rights of a principal that is limited to the data set, as the server passes them on. */
const writerOf = (project: string, dataSetId = OWN): FileWriter => {
  const capabilities: Principal['capabilities'] = [
    { acl: 'filesAcl', actions: ['READ', 'WRITE'], dataSetIds: [dataSetId] },
  ];
  return fileWriter({ project, subject: 'limited', capabilities });
};

/** What the writer's operations run on. */
interface Stage {
  project: string;
  file: FileRecord;
  uploadId: string;
  jobId: number;
  files: Files;
  jobs: Pick<Jobs, 'cancel'>;
}

/**
 * Every operation whose right depends on the row of a file: how the writer does it, and whether the row shows that it
 * was done when the file is moved to the other data set.
 */
const OPERATIONS: {
  name: string;
  run: (stage: Stage, writer: FileWriter) => Promise<unknown>;
  done: (found: Found) => boolean;
}[] = [
  {
    name: 'update',
    run: ({ files, project, file }, writer) =>
      files.update(project, [{ id: file.id, update: { source: { set: 'writer' } } }], { writer }),
    done: ({ row }) => row?.source === 'writer',
  },
  {
    name: 'overwrite',
    run: ({ files, project }, writer) =>
      files.create(project, { name: 'a.jpg', externalId: 'a', source: 'writer' }, { overwrite: true, writer }),
    done: ({ row }) => row?.source === 'writer',
  },
  {
    name: 'overwrite into its own data set',
    run: ({ files, project }, writer) =>
      files.create(
        project,
        { name: 'a.jpg', externalId: 'a', source: 'writer', dataSetId: OWN },
        { overwrite: true, writer },
      ),
    done: ({ row }) => row?.source === 'writer',
  },
  {
    name: 'a new upload link',
    run: ({ files, project }, writer) => files.renewUpload(project, { externalId: 'a' }, { writer }),
    done: ({ row }) => row?.upload_generation === 2,
  },
  {
    name: 'the end of an upload in parts',
    run: ({ files, project, file, uploadId }, writer) =>
      files.completeMultipartUpload(project, { id: file.id }, uploadId, { writer }),
    done: ({ row }) => row?.blob_key != null,
  },
  {
    name: 'delete',
    run: ({ files, project, file }, writer) =>
      files.remove(project, [{ id: file.id }], { ignoreUnknownIds: false, writer }),
    done: ({ row }) => row === undefined,
  },
  {
    name: 'delete of those that it may delete',
    run: async ({ files, project }, writer) => {
      const removed = await files.remove(project, [{ externalId: 'a' }], { ignoreUnknownIds: true, writer });
      if (removed.length === 0) throw Object.assign(new Error('nothing was removed'), { code: 'forbidden' });
    },
    done: ({ row }) => row === undefined,
  },
  {
    name: "cancelling another's job",
    run: ({ jobs, project, jobId }, writer) =>
      jobs.cancel(project, jobId, { canceller: { ...writer, subject: 'limited' } }),
    done: ({ status }) => status === 'Failed',
  },
];

/** What the mover finds after it has moved the file. */
interface Found {
  row?: { source: string | null; upload_generation: number; blob_key: string | null };
  status?: string;
}

describe.each(DATABASE_KINDS)('who writes files on %s', (kind) => {
  let test: TestFiles;
  const closing: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    test = await openTestFiles(kind);
  });
  afterAll(async () => {
    for (const close of closing) await close();
    await test.remove();
  });

  /**
   * Creates a file of the writer's data set, with a multipart upload and another user's job, and the operations on
   * `kysely`.
   */
  async function setUp(kysely: Kysely<Schema>): Promise<Stage> {
    const project = newProject();
    const file = await test.files.create(
      project,
      { name: 'a.jpg', externalId: 'a', dataSetId: OWN },
      { overwrite: false },
    );
    const { uploadId } = await test.files.startMultipartUpload(file, 2);
    for (const part of [1, 2]) {
      const content = Readable.from([Buffer.from(`part ${part}`)]);
      await test.files.uploadPart({ ...uploadOf(file), uploadId, part }, content, 100);
    }
    const jobId = await submitJob(project, file.id);
    const database: Database = { ...test.database, kysely };
    const files = createFiles({ database, blobs: test.blobs });
    return { project, file, uploadId, jobId, files, jobs: testJobs(database) };
  }

  function testJobs(database: Database): Jobs {
    const run = async () => NOTHING;
    return createJobs({
      ...{ database, run, concurrency: 0, jobTimeoutMs: 1000, maxQueuedPerProject: 10 },
      logger: recordingLogger(),
    });
  }

  let submitting: Jobs | undefined;
  async function submitJob(project: string, fileId: number): Promise<number> {
    if (submitting === undefined) {
      submitting = testJobs(test.database);
      await submitting.start();
      closing.push(() => submitting!.stop({ timeoutMs: 0 }));
    }
    return (await submitting.submit({ ...newJob(project, fileId), subject: 'someone else' })).jobId;
  }

  /** Moves the file to the other data set, and reads it in that state; not committed before `hold` has ended. */
  function move({ file, jobId }: Stage, hold?: () => Promise<void>): Promise<Found> {
    return test.database.kysely.transaction().execute(async (transaction) => {
      const row = await transaction
        .updateTable('files')
        .set({ data_set_id: FOREIGN })
        .where('id', '=', file.id)
        .returning(['source', 'upload_generation', 'blob_key'])
        .executeTakeFirst();
      const job = await transaction.selectFrom('jobs').select('status').where('job_id', '=', jobId).executeTakeFirst();
      await hold?.();
      return { row, status: job?.status };
    });
  }

  const outcomeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: { code?: string }) => (error.code === 'forbidden' ? 'forbidden' : Promise.reject(error)),
    );

  describe.each(OPERATIONS)('$name', ({ run, done }) => {
    it('is done to a file of its data set', async () => {
      const stage = await setUp(test.database.kysely);
      expect(await outcomeOf(run(stage, writerOf(stage.project)))).toBe('done');
      expect(done(await move(stage))).toBe(true);
    });

    it('is refused as soon as the file has been moved, and waits for a move that has begun', async () => {
      const stage = await setUp(test.database.kysely);
      let outcome: Promise<string> | undefined;
      const found = await move(stage, async () => {
        outcome = outcomeOf(run(stage, writerOf(stage.project)));
        await Promise.race([outcome, sleep(SETTLED_MS)]);
      });
      expect([await outcome, done(found)]).toEqual(['forbidden', false]);
      expect(await outcomeOf(run(stage, writerOf(stage.project)))).toBe('forbidden');
    });

    it('is done before the file is moved or not at all, wherever between its statements the move comes', async () => {
      const counting = statementHook(async () => {});
      const stage = await setUp(test.database.kysely.withPlugin(counting.plugin));
      await run(stage, writerOf(stage.project));
      const statements = counting.count();
      expect(statements).toBeGreaterThan(0);

      for (let after = 1; after <= statements; after++) {
        let moved: Promise<Found> | undefined;
        const hook = statementHook(async (count) => {
          if (count !== after) return;
          moved = move(raced);
          await Promise.race([moved, sleep(SETTLED_MS)]);
        });
        const raced = await setUp(test.database.kysely.withPlugin(hook.plugin));
        const outcome = await outcomeOf(run(raced, writerOf(raced.project)));
        expect([after, outcome === 'done']).toEqual([after, done(await moved!)]);
      }
    });
  });

  it('does not create in no data set what was deleted while it was going to be overwritten', async () => {
    let removed: Promise<unknown> | undefined;
    const hook = statementHook(async () => {
      removed ??= test.files.remove(stage.project, [{ externalId: 'a' }], { ignoreUnknownIds: true });
      await Promise.race([removed, sleep(SETTLED_MS)]);
    });
    const stage = await setUp(test.database.kysely.withPlugin(hook.plugin));
    const writer = writerOf(stage.project);
    const overwrite = () =>
      outcomeOf(stage.files.create(stage.project, { name: 'b', externalId: 'a' }, { overwrite: true, writer }));
    await overwrite();
    await removed;
    expect(await overwrite()).toBe('forbidden');
    expect((await test.files.list(stage.project, { limit: 10 })).items).toEqual([]);
  });

  it('takes no file that someone else creates at the same moment', async () => {
    const project = newProject();
    const writer = writerOf(project);
    const owner = writerOf(project, FOREIGN);
    const outcomes = new Map<string, number>();
    for (let round = 0; round < 30; round++) {
      const externalId = `photo ${round}`;
      const create = (dataSetId: number, by: FileWriter) =>
        outcomeOf(
          test.files.create(project, { name: 'a.jpg', externalId, dataSetId }, { overwrite: true, writer: by }),
        );
      const both =
        round % 2 === 0 ? [create(FOREIGN, owner), create(OWN, writer)] : [create(OWN, writer), create(FOREIGN, owner)];
      const results = (await Promise.all(both)).sort();
      outcomes.set(results.join(), (outcomes.get(results.join()) ?? 0) + 1);
    }
    // The second one is refused, and never takes the file over.
    expect(Object.fromEntries(outcomes)).toEqual({ 'done,forbidden': 30 });
  });

  it('overwrites what is created between looking and creating, where both may', async () => {
    const project = newProject();
    const writer = writerOf(project);
    const create = (name: string) =>
      test.files.create(project, { name, externalId: 'a', dataSetId: OWN }, { overwrite: true, writer });
    const created = await Promise.all(['b', 'c', 'd', 'e'].map(create));
    expect(new Set(created.map(({ id }) => id)).size).toBe(1);
    expect(created.map(({ uploadGeneration }) => uploadGeneration).sort()).toEqual([1, 2, 3, 4]);
  });

  it('answers of several files where one may not be written: nothing happens to any', async () => {
    const stage = await setUp(test.database.kysely);
    const { project } = stage;
    const other = await test.files.create(project, { name: 'o.jpg', dataSetId: FOREIGN }, { overwrite: false });
    const writer = writerOf(project);
    const references = [{ id: stage.file.id }, { id: other.id }];
    const update = { source: { set: 'writer' } };
    const refused = { code: 'forbidden' };
    await expect(
      stage.files.update(
        project,
        references.map((r) => ({ ...r, update })),
        { writer },
      ),
    ).rejects.toMatchObject(refused);
    await expect(stage.files.remove(project, references, { ignoreUnknownIds: false, writer })).rejects.toMatchObject(
      refused,
    );
    const found = await test.files.find(project, references, { ignoreUnknownIds: false });
    expect(found.map(({ source }) => source)).toEqual([undefined, undefined]);
    const removed = await stage.files.remove(project, references, { ignoreUnknownIds: true, writer });
    expect(removed.map(({ id }) => id)).toEqual([stage.file.id]);
  });

  it('names of nodes that are removed are those whose files went', async () => {
    const project = newProject();
    const instances = createInstances({ database: test.database, files: test.files });
    await instances.upsertSpaces(project, [{ space: 'yard' }]);
    const source = { type: 'view', space: 'cdf_cdm', externalId: 'CogniteFile', version: 'v1' } as const;
    const node = (externalId: string) =>
      ({ instanceType: 'node', space: 'yard', externalId, sources: [{ source }] }) as const;
    await instances.upsertNodes(project, [node('a'), node('b')] as never, {});
    const ids = ['b', 'x', 'a'].map((externalId) => ({ space: 'yard', externalId }));
    const both = await Promise.all([instances.removeNodes(project, ids), instances.removeNodes(project, ids)]);
    expect(
      both
        .flat()
        .map(({ externalId }) => externalId)
        .sort(),
    ).toEqual(['a', 'b']);
  });
});

/**
 * A plugin that calls `after` with the number of each statement, once that has its result and before the next one is
 * sent.
 */
function statementHook(after: (count: number) => Promise<void>) {
  let statements = 0;
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      await after(++statements);
      return result;
    },
  };
  return { plugin, count: () => statements };
}
