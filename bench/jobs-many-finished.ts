import { sql } from 'kysely';
import { pixelPoint } from '#geometry/spaces';
import type { Database } from '../src/database/open-database.ts';
import { toResultColumns } from '../src/jobs/job-result.ts';
import { NOTHING } from '../testing/test-jobs.ts';
import type { OpenBenchDatabase } from './jobs-databases.ts';
import { type JobsServer, PROJECT, startJobsServer } from './jobs-server.ts';
import { quantile } from './statistics.ts';
import { timed } from './timed.ts';

/** Milliseconds of a request, p50, with few and with many finished jobs in the table. */
export interface RequestTimes {
  post: { few: number; many: number };
  get: { few: number; many: number };
  /** Duration of inserting the many jobs, in seconds. */
  fillSeconds: number;
  /** Size of each of the many jobs on disk in bytes, with its share of the indexes. */
  jobBytes: number;
}

/** Vertices of a segment, about as many as on average (npm run eval). */
const VERTICES = 95;
const BATCH = 50_000;
/** First id of these jobs, which are consecutive; those that a server gives are random. */
const FIRST_ID = 100_000_000_000_000;
const WARM_UP = 5;

/** Measures requests through HTTP to two servers, interleaved, each on a separate database; no job runs. */
export async function measureRequests(
  open: OpenBenchDatabase,
  { few, many, requests }: { few: number; many: number; requests: number },
): Promise<RequestTimes> {
  const sides = {
    few: await startWith(open, few),
    many: await startWith(open, many),
  };
  const times = {
    post: { few: [] as number[], many: [] as number[] },
    get: { few: [] as number[], many: [] as number[] },
  };
  for (let request = 0; request < WARM_UP + requests; request++) {
    for (const side of ['few', 'many'] as const) {
      const { server, jobs } = sides[side];
      const post = await timed(() => server.post());
      const get = await timed(() => server.get(FIRST_ID + Math.floor(Math.random() * jobs)));
      if (request < WARM_UP) continue;
      times.post[side].push(post);
      times.get[side].push(get);
    }
  }
  const { fillSeconds, jobBytes } = sides.many;
  for (const { close } of [sides.few, sides.many]) await close();
  return {
    post: { few: quantile(times.post.few), many: quantile(times.post.many) },
    get: { few: quantile(times.get.few), many: quantile(times.get.many) },
    fillSeconds,
    jobBytes,
  };
}

async function startWith(
  open: OpenBenchDatabase,
  jobs: number,
): Promise<{ server: JobsServer; jobs: number; fillSeconds: number; jobBytes: number; close(): Promise<void> }> {
  const bench = await open();
  const fillMs = await timed(() => fill(bench.database, jobs));
  const { rows } = await sql<{ bytes: string }>`select pg_total_relation_size('jobs') as bytes`.execute(
    bench.database.kysely,
  );
  const server = await startJobsServer(bench, { run: async () => NOTHING, concurrency: 0 });
  return {
    server,
    jobs,
    fillSeconds: fillMs / 1000,
    jobBytes: Number(rows[0]?.bytes) / jobs,
    async close() {
      await server.close();
      await bench.remove();
    },
  };
}

/** Inserts finished jobs of one segment each, a hundred per file, a second apart. */
async function fill({ kysely }: Database, jobs: number): Promise<void> {
  const outer = Array.from({ length: VERTICES }, () => pixelPoint(4000 * Math.random(), 3000 * Math.random()));
  const { result, engine } = toResultColumns({
    ...NOTHING,
    segments: [{ score: Math.random(), parts: [{ outer, holes: [] }] }],
  });
  const begin = Date.now() - jobs * 1000;
  for (let first = 0; first < jobs; first += BATCH) {
    const last = Math.min(first + BATCH, jobs) - 1;
    await sql`
      insert into jobs (
        job_id, project, subject, status, created_time, start_time, status_time, file_id, file_external_id, content_sha256,
        prompt, result, engine, attempt)
      select
        ${FIRST_ID}::bigint + n, ${PROJECT}, 'bench', 'Completed', ${begin}::bigint + n * 1000, ${begin}::bigint + n * 1000 + 10,
        ${begin}::bigint + n * 1000 + 60, ${FIRST_ID}::bigint + n / 100, 'photo ' || n / 100, md5(n::text) || md5(n::text),
        json_build_object('points', json_build_array(json_build_object('x', random(), 'y', random(), 'label', 1)))::jsonb,
        ${result}::jsonb, ${engine}::jsonb, 1
      from generate_series(${first}::bigint, ${last}::bigint) as n`.execute(kysely);
  }
  // GET checks the rights on the file of the job.
  await sql`
    insert into files (id, project, name, created_time, last_updated_time)
    select ${FIRST_ID}::bigint + n, ${PROJECT}, 'photo.jpg', ${begin}::bigint, ${begin}::bigint
    from generate_series(0, ${Math.floor((jobs - 1) / 100)}::bigint) as n`.execute(kysely);
  await sql`vacuum analyze`.execute(kysely);
}
