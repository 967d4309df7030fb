import type { Readable } from 'node:stream';
import type { Blobs, StoredBlob } from '../blobs/blobs.ts';
import { KonturError } from '../contract/error-codes.ts';
import type { Database } from '../database/open-database.ts';
import { type FileRecord, toFileRecord } from './file-record.ts';
import { filesNotFound } from './name-references.ts';

/** One upload, as the signed link describes it. */
export interface Upload {
  project: string;
  fileId: number;
  /** `uploadGeneration` of the file when the link was made. */
  uploadGeneration: number;
}

/**
 * Stores the stream as the content of a file. The earlier content is read until the new one is whole, then removed; of
 * several uploads at once, the last to end stays. `lastUpdatedTime` is left as it is (CONTRACT.md 3).
 * @throws KonturError `files-not-found` (deleted before or meanwhile), `forbidden` (the link is of an earlier occasion),
 *   `body-too-large`, `disk-full`. Nothing is stored then.
 */
export async function uploadContent(
  { database, blobs, now }: { database: Database; blobs: Blobs; now: () => number },
  upload: Upload,
  content: Readable,
  limitBytes: number,
): Promise<FileRecord> {
  await selectUploadable(database.kysely, upload)
    .executeTakeFirst()
    .then((row) => checkUploadable(row, upload));
  const stored = await blobs.write(content, limitBytes);
  try {
    const { file, replaced } = await switchContent({ database, now }, upload, stored);
    if (replaced !== null) await blobs.remove(replaced);
    return file;
  } catch (error) {
    await blobs.remove(stored.key);
    throw error;
  }
}

function switchContent(
  { database, now }: { database: Database; now: () => number },
  upload: Upload,
  stored: StoredBlob,
) {
  return database.kysely.transaction().execute(async (transaction) => {
    // The lock makes a concurrent upload wait, so that each of the two sees whose content it replaces.
    const before = await selectUploadable(transaction, upload).forUpdate().executeTakeFirst();
    const { blob_key: replaced } = checkUploadable(before, upload);
    const row = await transaction
      .updateTable('files')
      .set({
        blob_key: stored.key,
        content_sha256: stored.sha256,
        content_bytes: stored.bytes,
        uploaded_time: now(),
      })
      .where('id', '=', upload.fileId)
      .returningAll()
      .executeTakeFirstOrThrow();
    return { file: toFileRecord(row), replaced };
  });
}

function selectUploadable(kysely: Pick<Database['kysely'], 'selectFrom'>, { project, fileId }: Upload) {
  return kysely
    .selectFrom('files')
    .select(['blob_key', 'upload_generation'])
    .where('id', '=', fileId)
    .where('project', '=', project);
}

function checkUploadable<Row extends { upload_generation: number }>(row: Row | undefined, upload: Upload): Row {
  if (row === undefined) throw filesNotFound([{ id: upload.fileId }]);
  if (row.upload_generation !== upload.uploadGeneration) {
    throw new KonturError('forbidden', 'A newer upload link was made for this file. Upload to that one.');
  }
  return row;
}
