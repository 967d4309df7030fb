import type { Transaction } from 'kysely';
import type { Schema } from '../database/schema.ts';

/**
 * Deletes the rows of files that the transaction has locked, with those of their multipart uploads.
 *
 * @returns blob keys without a reference, to be deleted after the transaction
 */
export async function deleteFileRows(transaction: Transaction<Schema>, ids: number[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const uploads = await transaction
    .selectFrom('multipart_uploads')
    .select('upload_id')
    .where('file_id', 'in', ids)
    .forUpdate()
    .execute();
  const parts = await deleteUploadRows(
    transaction,
    uploads.map(({ upload_id }) => upload_id),
  );
  const contents = await transaction.deleteFrom('files').where('id', 'in', ids).returning('blob_key').execute();
  return [...parts, ...contents.flatMap(({ blob_key }) => blob_key ?? [])];
}

/**
 * Deletes the rows of multipart uploads only.
 *
 * @returns blob keys without a reference, to be deleted after the transaction
 */
export async function deleteUploadRows(transaction: Transaction<Schema>, uploadIds: string[]): Promise<string[]> {
  if (uploadIds.length === 0) return [];
  const parts = await transaction
    .deleteFrom('multipart_upload_parts')
    .where('upload_id', 'in', uploadIds)
    .returning('blob_key')
    .execute();
  await transaction.deleteFrom('multipart_uploads').where('upload_id', 'in', uploadIds).execute();
  return parts.map(({ blob_key }) => blob_key);
}
