import { sql } from 'kysely';
import { defined } from '#contract/defined';
import type { FileReference } from '#contract/files/file-reference';
import type { Database } from '../database/open-database.ts';
import { FILE_COLUMNS, type FileRecord, toFileRecord } from './file-record.ts';
import { lockFiles, type WriteOptions } from './lock-files.ts';

/**
 * Prepares a new upload of a file's content: earlier upload links become invalid, the content stays until the new
 * upload ends.
 *
 * @throws KonturError `forbidden`, `files-not-found` as `lockFiles` does
 */
export async function renewUpload(
  { database, now }: { database: Database; now: () => number },
  project: string,
  reference: FileReference,
  { writer }: WriteOptions = {},
): Promise<FileRecord> {
  return database.kysely.transaction().execute(async (transaction) => {
    const [file] = await lockFiles(transaction, project, [reference], { writer });
    const row = await transaction
      .updateTable('files')
      .set({ upload_generation: sql`upload_generation + 1`, upload_link_time: now() })
      .where('id', '=', defined(file, 'locked file').id)
      .returning(FILE_COLUMNS)
      .executeTakeFirstOrThrow();
    return toFileRecord(row);
  });
}
