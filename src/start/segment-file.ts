import { KonturError } from '../contract/error-codes.ts';
import type { Prompt } from '../contract/prompt.ts';
import { type SegmentDependencies, type SegmentedImage, segmentImage } from '../segment/segment-image.ts';
import type { ImageSource, ResolvedImage } from '../upstream/image-source.ts';

/** `engineMs`: from the image at hand to its segments, waiting for the engine's processes included. */
export interface SegmentedFile extends SegmentedImage {
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
    return { ...segmented, engineMs: performance.now() - started };
  } catch (error) {
    if (!(error instanceof KonturError) || !error.code.startsWith('image-')) throw error;
    throw new KonturError(error.code, `File ${task.file.fileId} ("${name}") cannot be segmented: ${error.message}`, {
      cause: error,
    });
  }
}
