import { KonturError } from '#contract/errors';
import type { Prompt } from '#contract/vision/prompt';
import type { Segment } from '#contract/vision/segment-job';
import type { ImageSize } from '#geometry/spaces';
import { toWireSegments } from '#outputs/to-wire-segments';
import { type SegmentDependencies, segmentImage } from '../segment/segment-image.ts';
import type { ImageSource, ResolvedImage } from './image-source.ts';

/** `engineMs`: from the image at hand to its segments as they are answered, waiting for the engine's processes included. */
export interface SegmentedFile extends ImageSize {
  segments: Segment[];
  engineMs: number;
}

export interface SegmentFileDependencies extends SegmentDependencies {
  images: Pick<ImageSource, 'open'>;
}

/** Opens the image of a file as it is now, and segments it. Errors of the image name the file. */
export async function segmentFile(
  { images, ...engine }: SegmentFileDependencies,
  task: ResolvedImage & { project: string; prompt: Prompt },
  signal: AbortSignal,
): Promise<SegmentedFile> {
  const { name, ...image } = await images.open(task, signal);
  const started = performance.now();
  try {
    const segmented = await segmentImage(engine, image, task.prompt, signal);
    const { imageWidth, imageHeight } = segmented;
    const segments = toWireSegments(segmented);
    return { imageWidth, imageHeight, segments, engineMs: performance.now() - started };
  } catch (error) {
    if (!(error instanceof KonturError) || error.origin !== 'image') throw error;
    throw new KonturError(error.code, `File ${task.file.fileId} ("${name}") cannot be segmented: ${error.message}`, {
      cause: error,
    });
  }
}
