import type { Readable } from 'node:stream';
import type { Blobs, StoredBlob } from '../blobs/blobs.ts';
import { UncertainCommit } from '../database/database-error.ts';
import type { Database } from '../database/open-database.ts';
import type { FileLife } from './file-life.ts';
import type { FileRecord } from './file-record.ts';
import { checkUploadable, replaceContent, type Upload } from './replace-content.ts';

type Uploaded = Pick<FileLife, 'uploaded'>;

/**
 * Stores the stream as the content of a file. The earlier content stays until the new one is complete, then it is
 * deleted; of several concurrent uploads, the last to end wins.
 *
 * @throws KonturError `files-not-found` (deleted before or meanwhile), `forbidden` (a newer link exists),
 *   `body-too-large`, `disk-full`; nothing is stored then
 */
export async function uploadContent(
  { database, blobs, life, now }: { database: Database; blobs: Blobs; life?: Uploaded; now: () => number },
  upload: Upload,
  content: Readable,
  limitBytes: number,
): Promise<FileRecord> {
  await checkUploadable(database.kysely, upload);
  const stored = await blobs.write(content, limitBytes);
  return saveContent({ database, blobs, life }, upload, stored, now());
}

/**
 * Makes a stored blob the content of a file and announces it, or deletes the blob again.
 *
 * @param time of the upload, in milliseconds since 1970-01-01 UTC
 * @throws KonturError as `replaceContent` does
 */
export async function saveContent(
  { database, blobs, life }: { database: Database; blobs: Pick<Blobs, 'remove'>; life?: Uploaded },
  upload: Upload,
  stored: StoredBlob,
  time: number,
): Promise<FileRecord> {
  try {
    const { file, replaced } = await database.kysely
      .transaction()
      .execute((transaction) => replaceContent(transaction, upload, stored, time));
    if (replaced !== null) await blobs.remove(replaced);
    life?.uploaded(file);
    return file;
  } catch (error) {
    // The row may refer to it; if not, the sweep deletes it.
    if (!(error instanceof UncertainCommit)) await blobs.remove(stored.key);
    throw error;
  }
}
