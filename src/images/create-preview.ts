import { KonturError } from '#contract/errors';
import type { Prompt } from '#contract/vision/prompt';
import type { SegmentedImage } from '#geometry/segmented-image';
import type { Engine } from '../engine/engine.ts';
import { isBusy, type MachineLoad, tooBusy } from '../runtime/limit-time.ts';
import { runWithin } from '../runtime/run-within.ts';
import { createSemaphore } from '../runtime/semaphore.ts';
import type { ImageSource, ResolvedImage } from './image-source.ts';
import { segmentFile } from './segment-file.ts';

/**
 * Segments an image at once, without a job.
 *
 * @throws KonturError as opening and segmenting the image does; `busy` if too many previews wait, `unavailable` if it
 *   takes too long, `not-supported` in a process without an engine
 */
export type Preview = (
  task: ResolvedImage & { project: string; prompt: Prompt },
  signal: AbortSignal,
) => Promise<SegmentedImage>;

/**
 * Fewer than the jobs that run at once, so that a job never finds more previews than jobs ahead of it in the encoder's
 * queue.
 */
const RUNNING = 2;
const WAITING = 16;

/**
 * Creates the function that previews call: a job's work without the job. In a process without an engine it always
 * throws.
 */
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
    const timeoutReason = (load: MachineLoad) =>
      new KonturError(
        'unavailable',
        `The preview took longer than ${timeoutMs / 1000} s and was stopped.${isBusy(load) ? ` ${tooBusy(load)}` : ''}`,
      );
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
