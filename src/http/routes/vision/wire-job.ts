import type { Segment } from '#contract/vision/segment-job';
import { toDocumentedPrompt } from '#contract/vision/to-documented-prompt';
import { toWireSegments } from '#outputs/to-wire-segments';
import type { JobRecord, JobState } from '../../../jobs/job-record.ts';
import type { ListedJob } from '../../../jobs/list-jobs.ts';

/** The state of a job, which is the first part of each of its wire forms. */
function toWireState({ status, createdTime, startTime, statusTime, errorMessage, jobId }: JobState) {
  return { status, createdTime, startTime, statusTime, errorMessage, jobId };
}

/** The answer to the POST of a job: the prompt at top level (docs/contract.md#segment-post-answer). */
export function toCreatedSegmentJob(job: JobRecord) {
  return { ...toWireState(job), items: [job.file], ...toDocumentedPrompt(job.prompt) };
}

/** The answer to the GET of a job: the prompt nested, items once it has ended (docs/contract.md#segment-get-answer). */
export function toSegmentJob({ result, ...job }: JobRecord) {
  return toJobWith(job, result === null ? [] : toSegments(result));
}

/** Results from before rings were kept have the polygons that were answered then. */
function toSegments(result: NonNullable<JobRecord['result']>): Segment[] {
  return 'polygons' in result ? result.polygons : toWireSegments(result);
}

/** A job as lists show it: with the scores of its segments, without the polygons. */
export function toListedJob({ scores, ...job }: ListedJob) {
  return toJobWith(
    job,
    scores.map((score) => ({ score })),
  );
}

function toJobWith<Shown>(job: JobState, segments: Shown[]) {
  const { fileId, fileExternalId } = job.file;
  const result = { fileId, ...(fileExternalId !== undefined && { fileExternalId }), segments };
  return {
    ...toWireState(job),
    items: job.status === 'Completed' ? [result] : [],
    prompt: toDocumentedPrompt(job.prompt),
    failedItems: job.failedItems,
  };
}
