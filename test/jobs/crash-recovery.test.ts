import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, type DatabaseLocation, openDatabase } from '../../src/database/open-database.ts';
import { runMigrations } from '../../src/database/run-migrations.ts';
import type { Jobs } from '../../src/jobs/create-jobs.ts';
import { siblingModule } from '../../src/runtime/sibling-module.ts';
import type { JobProcessOptions } from '../../testing/job-process.ts';
import { type DatabaseKind, newLocation } from '../../testing/test-database.ts';
import { newProject } from '../../testing/test-files.ts';
import { createTestJobs, ended, FOUND, newJob, queueMessages, until } from '../../testing/test-jobs.ts';

const CHILD = siblingModule('../../testing/job-process', import.meta.url);

interface Event {
  running?: number;
  submitted?: number;
}

let location: DatabaseLocation;
let removeLocation: () => Promise<void>;
let children: ChildProcessWithoutNullStreams[];
let database: Database | undefined;
let jobs: Jobs | undefined;
let runs: number[];

async function prepare(kind: DatabaseKind) {
  ({ location, remove: removeLocation } = await newLocation(kind));
}
beforeEach(() => {
  children = [];
  runs = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await jobs?.stop({ timeoutMs: 0 });
  await database?.close();
  await removeLocation();
  jobs = database = undefined;
});

function startChild(options: Omit<JobProcessOptions, 'location'>) {
  const { url, execArgv = [] } = CHILD;
  const json = JSON.stringify({ location, ...options } satisfies JobProcessOptions);
  const child = spawn(process.execPath, [...execArgv, fileURLToPath(url), json]);
  children.push(child);
  child.stderr.pipe(process.stderr);
  const events: Event[] = [];
  createInterface(child.stdout).on('line', (line) => events.push(JSON.parse(line)));
  return { child, events, exited: once(child, 'exit') };
}

/** The server in this process: opens the same database and works on what is there. */
async function startHere() {
  database = await openDatabase(location);
  await runMigrations(database.kysely);
  jobs = createTestJobs(database, {
    run: async ({ jobId }) => {
      runs.push(jobId);
      return FOUND;
    },
  });
  await jobs.start();
  return jobs;
}

const attemptOf = async (jobId: number) =>
  (await database!.kysely.selectFrom('jobs').select('attempt').where('job_id', '=', jobId).executeTakeFirstOrThrow())
    .attempt;

describe('a server killed in the middle of a job', () => {
  it('finishes it exactly once, at once, when it is started again on its data folder', async () => {
    await prepare('PGlite');
    const project = newProject();
    const first = startChild({ run: 'hang', submit: newJob(project) });
    const jobId = await until(() => first.events.find(({ running }) => running)?.running);
    first.child.kill('SIGKILL');
    await first.exited;

    const restarted = await startHere();
    // Long before the queue takes the job for lost: the killed process had ten minutes for it.
    const end = await ended(restarted, { project, jobId });
    expect(end).toMatchObject({ status: 'Completed', result: FOUND });
    expect(await attemptOf(jobId)).toBe(2);
    await sleep(1500);
    expect(runs).toEqual([jobId]);
    expect(await restarted.find(project, jobId)).toEqual(end);
    expect((await queueMessages(database!)).active).toBeUndefined();
  });

  it('keeps it for as long as it lives and loses it to another process when it is killed, on PostgreSQL', async () => {
    await prepare('PostgreSQL 13');
    const project = newProject();
    const first = startChild({ run: 'hang', submit: newJob(project) });
    const jobId = await until(() => first.events.find(({ running }) => running)?.running);
    const other = await startHere();
    // Longer than a worker may be silent before it loses its jobs.
    await sleep(13_000);
    expect(runs).toEqual([]);
    first.child.kill('SIGKILL');
    expect(await ended(other, { project, jobId })).toMatchObject({ status: 'Completed', result: FOUND });
    expect(runs).toEqual([jobId]);
    expect(await attemptOf(jobId)).toBe(2);
  });
});

it('gives up a job that takes its process down three times', async () => {
  await prepare('PGlite');
  const project = newProject();
  const first = startChild({ run: 'die', submit: newJob(project) });
  await first.exited;
  for (let restart = 0; restart < 2; restart++) await startChild({ run: 'die' }).exited;

  const last = await startHere();
  const { job_id: jobId } = await database!.kysely.selectFrom('jobs').select('job_id').executeTakeFirstOrThrow();
  expect(await ended(last, { project, jobId })).toMatchObject({
    status: 'Failed',
    errorMessage: expect.stringContaining('interrupted 3 times'),
    errorCode: 'job-interrupted',
    failedItems: [{ items: [newJob(project).file] }],
  });
  expect(runs).toEqual([]);
});
