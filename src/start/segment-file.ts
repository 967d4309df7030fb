import { KonturError } from '../contract/error-codes.ts';
import type { Prompt } from '../contract/prompt.ts';
import type { Inference } from '../inference/create-inference.ts';
import { type SegmentedImage, segmentImage } from '../segment/segment-image.ts';
import type { ImageSource, ResolvedImage } from '../upstream/image-source.ts';

/** Opens the image of a file as it is now, and segments it. Errors of the image name the file. */
export async function segmentFile(
  { images, inference }: { images: Pick<ImageSource, 'open'>; inference: Inference },
  task: ResolvedImage & { project: string; prompt: Prompt },
  signal: AbortSignal,
): Promise<SegmentedImage> {
  const { name, ...image } = await images.open(task, signal);
  try {
    return await segmentImage({ inference }, image, task.prompt, signal);
  } catch (error) {
    if (!(error instanceof KonturError) || !error.code.startsWith('image-')) throw error;
    throw new KonturError(error.code, `File ${task.file.fileId} ("${name}") cannot be segmented: ${error.message}`, {
      cause: error,
    });
  }
}
