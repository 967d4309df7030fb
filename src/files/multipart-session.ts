import type { Selectable } from 'kysely';
import { KonturError } from '#contract/errors';
import type { Database } from '../database/open-database.ts';
import type { MultipartUploadsTable } from '../database/schema.ts';

/** Identifies a multipart upload and its file. */
export interface SessionReference {
  project: string;
  fileId: number;
  uploadId: string;
}

/**
 * Reads the row of a multipart upload; within a transaction `lock` locks it.
 *
 * @throws KonturError `upload-not-found`
 */
export async function findSession(
  kysely: Pick<Database['kysely'], 'selectFrom'>,
  { project, fileId, uploadId }: SessionReference,
  { lock }: { lock: boolean },
): Promise<Selectable<MultipartUploadsTable>> {
  const session = await kysely
    .selectFrom('multipart_uploads')
    .selectAll()
    .where('upload_id', '=', uploadId)
    .where('project', '=', project)
    .where('file_id', '=', fileId)
    .$if(lock, (query) => query.forUpdate())
    .executeTakeFirst();
  if (session !== undefined) return session;
  throw new KonturError(
    'upload-not-found',
    `File ${fileId} has no multipart upload ${uploadId}, or it has expired. Begin a new one with initmultipartupload or multiuploadlink.`,
  );
}
