import type { Readable } from 'node:stream';
import type { Blobs, StoredBlob } from '../blobs/blobs.ts';
import { UncertainCommit } from '../database/database-error.ts';
import type { Database } from '../database/open-database.ts';
import type { FileLife } from './file-life.ts';
import type { FileRecord } from './file-record.ts';
import { checkUploadable, replaceContent, type Upload } from './replace-content.ts';

type Uploaded = Pick<FileLife, 'uploaded'>;

/**
 * Stores the stream as the content of a file. The earlier content is read until the new one is whole, then removed; of
 * several uploads at once, the last to end stays.
 * @throws KonturError `files-not-found` (deleted before or meanwhile), `forbidden` (the link is of an earlier occasion),
 *   `body-too-large`, `disk-full`. Nothing is stored then.
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
 * Makes what was just stored the content of a file and announces it, or removes it again.
 * @param time of the upload
 * @throws as `replaceContent` does
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
    // The row may refer to it; if not, the sweep finds it.
    if (!(error instanceof UncertainCommit)) await blobs.remove(stored.key);
    throw error;
  }
}
