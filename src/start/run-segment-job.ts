import { type SegmentFileDependencies, segmentFile } from '../images/segment-file.ts';
import type { Run } from '../jobs/run-job.ts';
import type { Logger } from '../telemetry/create-logger.ts';

interface SegmentRunDependencies extends SegmentFileDependencies {
  logger: Pick<Logger, 'info'>;
}

/** What a job does: opens its image as it is now, and segments it. The log has the milliseconds that the engine took. */
export function createSegmentRun({ logger, ...dependencies }: SegmentRunDependencies): Run {
  return async (job, signal) => {
    const { segments, engineMs } = await segmentFile(dependencies, job, signal);
    const { jobId, project } = job;
    logger.info(
      { jobId, project, segments: segments.length, engineMs: Math.round(engineMs * 10) / 10 },
      'job segmented',
    );
    return segments;
  };
}
