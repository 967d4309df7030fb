import type { JobRecord } from '../../../jobs/job-record.ts';

/** The state of a job, which both answers open with. */
function toJobState({ status, createdTime, startTime, statusTime, errorMessage, jobId }: JobRecord) {
  return { status, createdTime, startTime, statusTime, errorMessage, jobId };
}

/** The answer to the POST: the prompt at top level (segment.openapi.yaml, `SegmentJobCreated`). */
export function toCreatedSegmentJob(job: JobRecord) {
  return { ...toJobState(job), items: [job.file], ...job.prompt };
}

/** The answer to the GET: the prompt nested, items once there is a result (segment.openapi.yaml, `SegmentJob`). */
export function toSegmentJob(job: JobRecord) {
  const { fileId, fileExternalId } = job.file;
  const result = { fileId, ...(fileExternalId !== undefined && { fileExternalId }), segments: job.segments };
  return {
    ...toJobState(job),
    items: job.status === 'Completed' ? [result] : [],
    prompt: job.prompt,
    failedItems: job.failedItems,
  };
}
