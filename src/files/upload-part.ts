import type { Readable } from 'node:stream';
import { KonturError } from '#contract/errors';
import type { Blobs, StoredBlob } from '../blobs/blobs.ts';
import { UncertainCommit } from '../database/database-error.ts';
import type { Database } from '../database/open-database.ts';
import { findSession } from './multipart-session.ts';
import { checkUploadable, lockUploadable, type Upload } from './replace-content.ts';

/** One part of a multipart upload, as the signed link describes it. */
export interface PartUpload extends Upload {
  uploadId: string;
  /** Number of the part, from 1. */
  part: number;
}

/**
 * Stores the stream as one part of a multipart upload, replacing what was sent for it before. Parts may come in any
 * order and concurrently.
 *
 * @throws KonturError as `uploadContent` does; `upload-not-found`, and `forbidden` for an upload that has been
 *   completed; nothing is stored then
 */
export async function uploadPart(
  { database, blobs }: { database: Database; blobs: Blobs },
  upload: PartUpload,
  content: Readable,
  limitBytes: number,
): Promise<void> {
  await checkUploadable(database.kysely, upload);
  await checkOpen(database.kysely, upload, { lock: false });
  const stored = await blobs.write(content, limitBytes);
  await saveNewPart({ database, blobs }, upload, stored);
}

/**
 * Makes a stored blob a part of a multipart upload, or deletes the blob again.
 *
 * @throws KonturError as `uploadPart` does
 */
export async function saveNewPart(
  { database, blobs }: { database: Database; blobs: Pick<Blobs, 'remove'> },
  upload: PartUpload,
  stored: StoredBlob,
): Promise<void> {
  try {
    const replaced = await savePart({ database }, upload, stored);
    if (replaced !== undefined) await blobs.remove(replaced);
  } catch (error) {
    if (!(error instanceof UncertainCommit)) await blobs.remove(stored.key);
    throw error;
  }
}

/** Returns the blob key of the part's earlier content. */
function savePart({ database }: { database: Database }, upload: PartUpload, { key, sha256, bytes }: StoredBlob) {
  const { uploadId: upload_id, part } = upload;
  const columns = { blob_key: key, content_sha256: sha256, content_bytes: bytes };
  return database.kysely.transaction().execute(async (transaction) => {
    await lockUploadable(transaction, upload);
    await checkOpen(transaction, upload, { lock: true });
    const before = await transaction
      .selectFrom('multipart_upload_parts')
      .select('blob_key')
      .where('upload_id', '=', upload_id)
      .where('part', '=', part)
      .executeTakeFirst();
    await transaction
      .insertInto('multipart_upload_parts')
      .values({ upload_id, part, ...columns })
      .onConflict((conflict) => conflict.columns(['upload_id', 'part']).doUpdateSet(columns))
      .execute();
    return before?.blob_key;
  });
}

async function checkOpen(
  kysely: Pick<Database['kysely'], 'selectFrom'>,
  upload: PartUpload,
  options: { lock: boolean },
): Promise<void> {
  const session = await findSession(kysely, upload, options);
  if (session.completed_time === null) return;
  throw new KonturError(
    'forbidden',
    'This multipart upload has been completed. Begin a new one to replace the content.',
  );
}
