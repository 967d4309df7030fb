import type { Selectable, Transaction } from 'kysely';
import { KonturError } from '#contract/errors';
import type { StoredBlob } from '../blobs/blobs.ts';
import type { Database } from '../database/open-database.ts';
import type { FilesTable, Schema } from '../database/schema.ts';
import { FILE_COLUMNS, type FileRecord, toFileRecord } from './file-record.ts';
import { filesNotFound } from './name-references.ts';

/** One upload, as the signed link describes it. */
export interface Upload {
  project: string;
  fileId: number;
  /** `uploadGeneration` of the file when the link was made. */
  uploadGeneration: number;
  /** Blob key of the content that this upload replaces, null for none; if undefined, any content is replaced. */
  replaces?: string | null;
}

type Uploadable = Pick<Selectable<FilesTable>, 'blob_key' | 'upload_generation'>;

/**
 * Checks that an upload may begin.
 *
 * @throws KonturError `files-not-found`, or `forbidden` if a newer link has been issued
 */
export async function checkUploadable(kysely: Database['kysely'], upload: Upload): Promise<void> {
  refuseStale(await selectUploadable(kysely, upload).executeTakeFirst(), upload);
}

/**
 * Locks the file of an upload for this transaction: a concurrent upload waits, so that each of the two sees what it
 * replaces.
 *
 * @throws KonturError as `checkUploadable` does
 */
export async function lockUploadable(transaction: Transaction<Schema>, upload: Upload): Promise<Uploadable> {
  return refuseStale(await selectUploadable(transaction, upload).forUpdate().executeTakeFirst(), upload);
}

/**
 * Makes a stored blob the content of a file. `lastUpdatedTime` does not change (docs/contract.md#files-upload).
 *
 * @returns the blob key of the earlier content, to be deleted after the transaction; null if there was none
 * @throws KonturError as `checkUploadable` does
 */
export async function replaceContent(
  transaction: Transaction<Schema>,
  upload: Upload,
  stored: StoredBlob,
  time: number,
): Promise<{ file: FileRecord; replaced: string | null }> {
  const { blob_key: replaced } = await lockUploadable(transaction, upload);
  const row = await transaction
    .updateTable('files')
    .set({
      blob_key: stored.key,
      content_sha256: stored.sha256,
      content_bytes: stored.bytes,
      uploaded_time: time,
    })
    .where('id', '=', upload.fileId)
    .returning(FILE_COLUMNS)
    .executeTakeFirstOrThrow();
  return { file: toFileRecord(row), replaced };
}

function selectUploadable(kysely: Pick<Database['kysely'], 'selectFrom'>, { project, fileId }: Upload) {
  return kysely
    .selectFrom('files')
    .select(['blob_key', 'upload_generation'])
    .where('id', '=', fileId)
    .where('project', '=', project);
}

function refuseStale(row: Uploadable | undefined, upload: Upload): Uploadable {
  if (row === undefined) throw filesNotFound([{ id: upload.fileId }]);
  if (row.upload_generation !== upload.uploadGeneration) {
    throw new KonturError('forbidden', 'A newer upload link was made for this file. Upload to that one.');
  }
  if (upload.replaces !== undefined && upload.replaces !== row.blob_key) {
    throw new KonturError('forbidden', 'The file has got other content meanwhile.');
  }
  return row;
}
