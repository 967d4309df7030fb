import type { ProjectTrust } from '../auth/verify-token.ts';
import { putSamplePhoto } from '../images/put-sample-photo.ts';
import { createUploadPrefetch } from '../images/upload-prefetch.ts';
import type { Platform } from './create-platform.ts';

/**
 * Puts the sample photo into the project of a new server, and encodes it in the background. Without it the server works
 * as well: errors go to the log.
 */
export async function showSamplePhoto(
  { files, blobs, engine, logger, cleanup }: Pick<Platform, 'files' | 'blobs' | 'engine' | 'logger' | 'cleanup'>,
  trusts: readonly Pick<ProjectTrust, 'project'>[],
): Promise<void> {
  try {
    for (const { project } of trusts) {
      const file = await putSamplePhoto(files, project);
      if (engine === undefined) continue;
      const prefetch = createUploadPrefetch({ blobs, engine, logger });
      cleanup.add(() => prefetch.stop());
      prefetch.uploaded(file);
    }
  } catch (error) {
    logger.warn({ err: error }, 'the sample photo could not be put into the project');
  }
}
