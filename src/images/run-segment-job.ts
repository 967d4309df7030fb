import type { Prompt } from '#contract/vision/prompt';
import type { Logger } from '../telemetry/create-logger.ts';
import type { ResolvedImage } from './image-source.ts';
import { type SegmentedFile, type SegmentFileDependencies, segmentFile } from './segment-file.ts';

/** What segmenting takes to know of a job. */
type SegmentTask = ResolvedImage & { jobId: number; project: string; prompt: Prompt };

interface SegmentRunDependencies extends SegmentFileDependencies {
  logger: Pick<Logger, 'info'>;
}

/** Runs segment jobs: opens the image as it is now, and segments it. The log has the milliseconds that the engine took. */
export function createSegmentRun({ logger, ...dependencies }: SegmentRunDependencies) {
  return async (job: SegmentTask, signal: AbortSignal): Promise<Omit<SegmentedFile, 'engineMs'>> => {
    const { engineMs, ...result } = await segmentFile(dependencies, job, signal);
    const { jobId, project } = job;
    logger.info(
      { jobId, project, segments: result.segments.length, engineMs: Math.round(engineMs * 10) / 10 },
      'job segmented',
    );
    return result;
  };
}
