import type { FastifyRequest } from 'fastify';
import { KonturError } from '#contract/errors';
import type { LocalImage } from '../../../images/image-source.ts';
import type { JobRecord } from '../../../jobs/job-record.ts';
import type { AppDependencies } from '../../app-dependencies.ts';

type Store = Pick<AppDependencies, 'images'>;

/**
 * Opens the current image of a file, after checking that the caller may read it.
 *
 * @throws KonturError as `ImageSource` does
 */
export async function openImageOfFile(
  { images }: Store,
  { principal, headers: { authorization } }: FastifyRequest,
  fileId: number,
  signal: AbortSignal,
): Promise<LocalImage> {
  const image = await images.resolve({ principal, authorization }, { id: fileId });
  return images.open({ project: principal.project, ...image }, signal);
}

/**
 * Opens the image that a job was posted for.
 *
 * @throws KonturError as `ImageSource` does; `image-file-deleted`; `image-file-replaced` if its content is known to
 *   have changed since
 */
export async function openImageOfJob(
  { images }: Store,
  { principal, headers: { authorization } }: FastifyRequest,
  { jobId, file: { fileId }, contentSha256 }: JobRecord,
  signal: AbortSignal,
): Promise<LocalImage> {
  const image = await images.resolve({ principal, authorization }, { id: fileId }).catch((error) => {
    if (!(error instanceof KonturError) || error.code !== 'files-not-found') throw error;
    throw new KonturError(
      'image-file-deleted',
      `File ${fileId} was deleted after job ${jobId} ran. The polygons are still to be read with the job itself.`,
    );
  });
  return images.open(
    { project: principal.project, ...image, contentSha256: contentSha256 ?? image.contentSha256 },
    signal,
  );
}
