import type { Prompt } from '#contract/vision/prompt';
import type { Logger } from '../telemetry/create-logger.ts';
import type { ResolvedImage } from './image-source.ts';
import { type SegmentedFile, type SegmentFileDependencies, segmentFile } from './segment-file.ts';

/** The part of a job that segmenting needs. */
type SegmentTask = ResolvedImage & { jobId: number; project: string; prompt: Prompt };

interface SegmentRunDependencies extends SegmentFileDependencies {
  logger: Pick<Logger, 'info'>;
}

/**
 * Creates the function that runs a segment job: opens the current image of its file and segments it. The log line has
 * the engine's time in milliseconds.
 */
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
