import { KonturError } from '#contract/errors';
import type { Prompt } from '#contract/vision/prompt';
import type { SegmentedImage } from '#geometry/segmented-image';
import type { Engine } from '../engine/engine.ts';
import { runWithin } from '../runtime/run-within.ts';
import { createSemaphore } from '../runtime/semaphore.ts';
import type { ImageSource, ResolvedImage } from './image-source.ts';
import { segmentFile } from './segment-file.ts';

/**
 * Segments an image at once. Throws what opening and segmenting it throws; `busy` where too many previews wait, `unavailable`
 * where it takes too long, `not-supported` in a process without an engine.
 */
export type Preview = (
  task: ResolvedImage & { project: string; prompt: Prompt },
  signal: AbortSignal,
) => Promise<SegmentedImage>;

/** Fewer than jobs that run at once, so that in the queue of the encoder there are never more previews than jobs before a job. */
const RUNNING = 2;
const WAITING = 16;

/** What a preview does: what a job does, at once. In a process without an engine it only says so. */
export function createPreview({
  images,
  engine,
  detailWindows,
  timeoutMs,
}: {
  images: Pick<ImageSource, 'open'>;
  engine: Engine | undefined;
  detailWindows: boolean;
  timeoutMs: number;
}): Preview {
  const limit = createSemaphore({ running: RUNNING, waiting: WAITING, what: 'previews' });
  return async (task, signal) => {
    if (engine === undefined) throw new KonturError('not-supported', WITHOUT_ENGINE);
    const timeoutReason = new KonturError('unavailable', `The preview took longer than ${timeoutMs} ms.`);
    const { imageWidth, imageHeight, segments } = await limit.run(
      () =>
        runWithin((bounded) => segmentFile({ images, engine, detailWindows }, task, bounded), {
          timeoutMs,
          timeoutReason,
          signals: [signal],
        }),
      signal,
    );
    return { imageWidth, imageHeight, segments };
  };
}

const WITHOUT_ENGINE = 'This server leaves the engine to other processes and makes no previews. Post a job.';
