import { sql } from 'kysely';
import { defined } from '#contract/defined';
import { KonturError } from '#contract/errors';
import type { JobStatus } from '#contract/vision/segment-job';
import { fittingRows } from '../database/fitting-rows.ts';
import type { Database } from '../database/open-database.ts';
import { type JobState, LISTED_COLUMNS, toJobState } from './job-record.ts';

/** A job without the vertices of its segments: `scores` has an entry for each of them. */
export interface ListedJob extends JobState {
  scores: number[];
}

/** Filter and page of a list of jobs. */
export interface JobListQuery {
  status?: JobStatus;
  fileId?: number;
  limit: number;
  cursor?: string;
}

/** A page of a list of jobs. */
export interface JobPage {
  items: ListedJob[];
  /** Absent on the last page. */
  nextCursor?: string;
}

/** Given file ids of jobs, returns those whose jobs may be listed. */
export type Readable = (fileIds: number[]) => Promise<Set<number>>;

/** Rows per further read, and the most in one request: a reader of few files gets short pages instead of slow ones. */
const BATCH = 500;
const MAX_ROWS_READ = 5_000;
/** Upper bound of a job's bytes in an answer without its prompt. */
const BYTES_BESIDE_PROMPT = 2_000;

/**
 * Lists jobs of the project, newest first, on files that may be read. Jobs that are posted while a client pages neither
 * hide nor repeat others. A page may hold fewer jobs than the limit, or none, without being the last.
 *
 * @throws KonturError `invalid-request` for a cursor that is not from a list of jobs
 */
export async function listJobs(
  { database }: { database: Pick<Database, 'kysely'> },
  project: string,
  { cursor, limit, ...conditions }: JobListQuery,
  readable: Readable,
): Promise<JobPage> {
  const items: ListedJob[] = [];
  let after = cursor === undefined ? undefined : decodeCursor(cursor);
  for (let rowsRead = 0; rowsRead < MAX_ROWS_READ; ) {
    // One row more than the limit tells whether there is another page. After files that may not be read, read in
    // batches.
    const rows = rowsRead === 0 ? limit + 1 : BATCH;
    const { batch, isWhole } = await readBatch(database, project, { ...conditions, limit: rows }, after);
    rowsRead += rows;
    const shown = await readable([...new Set(batch.map(({ file }) => file.fileId))]);
    for (const job of batch) {
      if (shown.has(job.file.fileId)) {
        if (items.length === limit) return { items, nextCursor: encodeCursor(defined(after, 'job before')) };
        items.push(job);
      }
      after = { createdTime: job.createdTime, jobId: job.jobId };
    }
    if (!isWhole) break;
    if (batch.length < rows) return { items };
  }
  return { items, nextCursor: encodeCursor(defined(after, 'last job that was read')) };
}

/** A job's position in the list. */
interface Place {
  createdTime: number;
  jobId: number;
}

async function readBatch(
  { kysely }: Pick<Database, 'kysely'>,
  project: string,
  { status, fileId, limit }: Omit<JobListQuery, 'cursor'>,
  after: Place | undefined,
): Promise<{ batch: ListedJob[]; isWhole: boolean }> {
  const wanted = kysely
    .selectFrom('jobs')
    .select('job_id as id')
    .select(sql<number>`row_number() over (order by created_time desc, job_id desc)`.as('place'))
    .select(sql<number>`${BYTES_BESIDE_PROMPT}::int + octet_length(prompt::text)`.as('bytes'))
    .where('project', '=', project)
    .where((jobs) =>
      jobs.and([
        ...(status === undefined ? [] : [jobs('status', '=', status)]),
        ...(fileId === undefined ? [] : [jobs('file_id', '=', fileId)]),
        ...(after === undefined
          ? []
          : [sql<boolean>`(created_time, job_id) < (${after.createdTime}::bigint, ${after.jobId}::bigint)`]),
      ]),
    )
    .orderBy('created_time', 'desc')
    .orderBy('job_id', 'desc')
    .limit(limit);
  const rows = await kysely
    .selectFrom('jobs')
    .innerJoin(fittingRows(wanted), 'fitting.id', 'jobs.job_id')
    .select(LISTED_COLUMNS)
    .select(sql<number[]>`jsonb_path_query_array(coalesce(result -> 'segments', segments), '$[*].score')`.as('scores'))
    .select('fitting.wanted')
    .orderBy('fitting.place')
    .execute();
  const batch = rows.map(({ scores, wanted: _, ...row }) => ({ ...toJobState(row), scores }));
  return { batch, isWhole: (rows[0]?.wanted ?? 0) === rows.length };
}

/** Encodes a position only: it reveals nothing about the project or the conditions, and works with any. */
function encodeCursor({ createdTime, jobId }: Place): string {
  return Buffer.from(`${createdTime}.${jobId}`).toString('base64url');
}

function decodeCursor(cursor: string): Place {
  const [, createdTime, jobId] = /^(\d{1,16})\.(\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  const place = { createdTime: Number(createdTime), jobId: Number(jobId) };
  if (Number.isSafeInteger(place.createdTime) && Number.isSafeInteger(place.jobId)) return place;
  throw new KonturError('invalid-request', 'The cursor is not one of this list. Start without one.');
}
