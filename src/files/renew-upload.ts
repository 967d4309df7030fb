import { sql } from 'kysely';
import type { FileReference } from '#contract/files/file-reference';
import type { Database } from '../database/open-database.ts';
import { type FileRecord, toFileRecord } from './file-record.ts';
import { filesNotFound } from './name-references.ts';
import { selectReferences } from './select-references.ts';

/**
 * Opens a new occasion to upload the content of a file: earlier upload links become invalid, the content stays until the new
 * upload ends.
 * @throws KonturError `files-not-found`
 */
export async function renewUpload(
  { database, now }: { database: Database; now: () => number },
  project: string,
  reference: FileReference,
): Promise<FileRecord> {
  const row = await database.kysely
    .updateTable('files')
    .set({ upload_generation: sql`upload_generation + 1`, upload_link_time: now() })
    .where(selectReferences(project, [reference]))
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw filesNotFound([reference]);
  return toFileRecord(row);
}
