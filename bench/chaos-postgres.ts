import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../src/database/open-database.ts';
import { createJobs } from '../src/jobs/create-jobs.ts';
import { startPostgresServer } from '../testing/postgres-server.ts';
import { type Fault, type Pauses, startFaults } from './chaos-faults.ts';
import { judgeJobs, prepareChaos, runLoad } from './chaos-load.ts';
import { cutStoreOff, startChaosProcesses } from './chaos-processes.ts';
import type { Row } from './row.ts';

const DATABASE_AWAY_MS = 2_000;

/** Options of a run. A database that is given is not restarted, and nothing is frozen in the smallest run. */
export interface ChaosOnPostgresOptions {
  count: number;
  workers: number;
  url: string | undefined;
  /** Path of the store's folder, which is created. */
  store: string;
  random: () => number;
  pauses: Pauses;
  smoke: boolean;
}

/** Runs several processes on PostgreSQL and one store, with the database and the store unavailable at times. */
export async function runChaosOnPostgres(options: ChaosOnPostgresOptions): Promise<Row[]> {
  const { count, workers, store, random, pauses, smoke } = options;
  const postgres = options.url === undefined ? await startPostgresServer() : undefined;
  const url = options.url ?? `${postgres!.url}/postgres`;
  const place = { location: { url }, store };
  const photos = await prepareChaos(place);

  const database = await openDatabase(place.location);
  const jobs = createJobs({
    database,
    run: () => Promise.reject(new Error('This process runs no jobs.')),
    concurrency: 0,
    jobTimeoutMs: 60_000,
    maxQueuedPerProject: count,
    logger: { error() {}, warn() {}, debug() {} },
  });
  await jobs.start();
  const processes = await startChaosProcesses(place, { count: workers, random });
  const restart: Fault = {
    name: 'database restarted',
    share: 1,
    async happen() {
      await postgres!.stop();
      await sleep(DATABASE_AWAY_MS);
      await postgres!.start();
      return true;
    },
  };
  const faults = startFaults(
    {
      ofProcesses: [processes.kill, ...(smoke ? [] : [processes.freeze])],
      outages: [cutStoreOff(place), ...(postgres ? [restart] : [])],
    },
    { random, pauses },
  );
  const begin = performance.now();
  const target = {
    post: (job: Parameters<typeof jobs.submit>[0]) => jobs.submit(job).then(({ jobId }) => jobId),
    async countUnfinished() {
      const { unfinished } = await database.kysely
        .selectFrom('jobs')
        .select((rows) => rows.fn.countAll<number>().as('unfinished'))
        .where('status', 'in', ['Queued', 'Running'])
        .executeTakeFirstOrThrow();
      return unfinished;
    },
  };
  const posted = await runLoad(target, { photos, count, faults });
  const seconds = (performance.now() - begin) / 1000;
  await processes.stop();

  const rows = await judgeJobs(database, { photos, posted });
  await jobs.stop({ timeoutMs: 0 });
  await database.close();
  await postgres?.remove();
  return [...rows, ...faults.rows(), { name: 'time', measured: seconds, unit: 's' }];
}
