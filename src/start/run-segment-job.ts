import type { Blobs } from '../blobs/blobs.ts';
import { KonturError } from '../contract/error-codes.ts';
import { checkImageFile } from '../files/check-image-file.ts';
import type { Files } from '../files/create-files.ts';
import type { Inference } from '../inference/create-inference.ts';
import type { Run } from '../jobs/run-job.ts';
import { segmentImage } from '../segment/segment-image.ts';
import { toWireSegments } from '../segment/to-wire-segments.ts';

/**
 * What a job does: looks at its file as it is now, and segments its content. Errors of the image name the file.
 */
export function createSegmentRun({
  files,
  blobs,
  inference,
}: {
  files: Files;
  blobs: Blobs;
  inference: Inference;
}): Run {
  return async ({ project, file: { fileId }, contentSha256, prompt }, signal) => {
    const [file] = await files.find(project, [{ id: fileId }], { ignoreUnknownIds: true });
    if (file === undefined) {
      throw new KonturError('image-file-deleted', `File ${fileId} was deleted before the job ran.`);
    }
    checkImageFile(file);
    const { blobKey, sha256 } = file.content;
    if (contentSha256 !== undefined && contentSha256 !== sha256) {
      throw new KonturError(
        'image-file-replaced',
        `The content of file ${fileId} ("${file.name}") was replaced after the job was posted: post a job for the new content.`,
      );
    }
    const image = { path: await blobs.localPath(blobKey), contentHash: sha256 };
    try {
      return toWireSegments(await segmentImage({ inference }, image, prompt, signal));
    } catch (error) {
      if (!(error instanceof KonturError) || !error.code.startsWith('image-')) throw error;
      throw new KonturError(error.code, `File ${fileId} ("${file.name}") cannot be segmented: ${error.message}`, {
        cause: error,
      });
    }
  };
}
