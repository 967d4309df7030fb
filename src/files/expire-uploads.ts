import { type Kysely, sql } from 'kysely';
import type { Schema } from '../database/schema.ts';
import { deleteFileRows, deleteUploadRows } from './delete-rows.ts';

/** Rows per transaction. */
const BATCH = 200;

/**
 * Deletes up to a batch of files that never had content and whose latest upload link was issued before `time`. Files of
 * nodes stay: the node's owner deletes those.
 *
 * @returns the number of files, and the blob keys without a reference
 */
export function expireFiles(kysely: Kysely<Schema>, time: number): Promise<{ expired: number; unused: string[] }> {
  return kysely.transaction().execute(async (transaction) => {
    const files = await transaction
      .selectFrom('files')
      .select('id')
      .where('blob_key', 'is', null)
      .where('instance_space', 'is', null)
      .where('created_time', '<', time)
      .where(sql<boolean>`greatest(created_time, last_updated_time, upload_link_time) < ${time}`)
      .orderBy('id')
      .limit(BATCH)
      .forUpdate()
      .skipLocked()
      .execute();
    const ids = files.map(({ id }) => id);
    return { expired: ids.length, unused: await deleteFileRows(transaction, ids) };
  });
}

/**
 * Deletes up to a batch of multipart uploads that were begun before `time` or made invalid by a newer upload link.
 *
 * @returns the number of uploads, and the blob keys without a reference
 */
export function expireMultipartUploads(
  kysely: Kysely<Schema>,
  time: number,
): Promise<{ expired: number; unused: string[] }> {
  return kysely.transaction().execute(async (transaction) => {
    const uploads = await transaction
      .selectFrom('multipart_uploads')
      .innerJoin('files', 'files.id', 'multipart_uploads.file_id')
      .select('upload_id')
      .where(({ or, eb }) =>
        or([
          eb('multipart_uploads.created_time', '<', time),
          eb('multipart_uploads.upload_generation', '<>', eb.ref('files.upload_generation')),
        ]),
      )
      .orderBy('upload_id')
      .limit(BATCH)
      .forUpdate('multipart_uploads')
      .skipLocked()
      .execute();
    const ids = uploads.map(({ upload_id }) => upload_id);
    return { expired: ids.length, unused: await deleteUploadRows(transaction, ids) };
  });
}
