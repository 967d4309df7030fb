import { KonturError } from '../contract/error-codes.ts';
import type { Inference } from '../inference/create-inference.ts';
import type { Run } from '../jobs/run-job.ts';
import { segmentImage } from '../segment/segment-image.ts';
import { toWireSegments } from '../segment/to-wire-segments.ts';
import type { ImageSource } from '../upstream/image-source.ts';

/**
 * What a job does: opens its image as it is now, and segments it. Errors of the image name the file.
 */
export function createSegmentRun({
  images,
  inference,
}: {
  images: Pick<ImageSource, 'open'>;
  inference: Inference;
}): Run {
  return async (job, signal) => {
    const { name, ...image } = await images.open(job, signal);
    try {
      return toWireSegments(await segmentImage({ inference }, image, job.prompt, signal));
    } catch (error) {
      if (!(error instanceof KonturError) || !error.code.startsWith('image-')) throw error;
      throw new KonturError(error.code, `File ${job.file.fileId} ("${name}") cannot be segmented: ${error.message}`, {
        cause: error,
      });
    }
  };
}
