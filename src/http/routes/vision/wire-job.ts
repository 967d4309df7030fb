import type { JobRecord } from '../../../jobs/job-record.ts';
import type { ListedJob } from '../../../jobs/list-jobs.ts';

/** The state of a job, which both answers open with. */
function toJobState({ status, createdTime, startTime, statusTime, errorMessage, jobId }: Omit<JobRecord, 'segments'>) {
  return { status, createdTime, startTime, statusTime, errorMessage, jobId };
}

/** The answer to the POST of a job: the prompt at top level (docs/contract.md#segment-post-answer). */
export function toCreatedSegmentJob(job: JobRecord) {
  return { ...toJobState(job), items: [job.file], ...job.prompt };
}

/** The answer to the GET of a job: the prompt nested, items once it has ended (docs/contract.md#segment-get-answer). */
export function toSegmentJob({ segments, ...job }: JobRecord) {
  return toJobWith(job, segments);
}

/** The same in a list, without the polygons. */
export function toListedJob({ scores, ...job }: ListedJob) {
  return toJobWith(
    job,
    scores.map((score) => ({ score })),
  );
}

function toJobWith<Segment>(job: Omit<JobRecord, 'segments'>, segments: Segment[]) {
  const { fileId, fileExternalId } = job.file;
  const result = { fileId, ...(fileExternalId !== undefined && { fileExternalId }), segments };
  return {
    ...toJobState(job),
    items: job.status === 'Completed' ? [result] : [],
    prompt: job.prompt,
    failedItems: job.failedItems,
  };
}
