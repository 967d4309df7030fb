import type { Transaction } from 'kysely';
import type { FileReference } from '#contract/files/file-reference';
import type { Schema } from '../database/schema.ts';
import { ENTRY_COLUMNS, type FileEntry, toFileEntry } from './file-record.ts';
import { inRequestOrder } from './find-files.ts';
import { refuseDuplicates } from './name-references.ts';
import { selectReferences } from './select-references.ts';

/** The rights of a client that writes files. */
export interface FileWriter {
  /** Whether it may write the file in its current state. */
  mayWrite(file: FileEntry): boolean;
  /**
   * Checks the right to write the file; undefined stands for a file that does not exist.
   *
   * @throws KonturError `forbidden`
   */
  authoriseWrite(file: FileEntry | undefined): void;
  /**
   * Checks the right to create files in the data set; undefined stands for none.
   *
   * @throws KonturError `forbidden`
   */
  authoriseCreation(dataSetId: number | undefined): void;
}

/** The client that writes. If undefined, the server itself, which may write every file of the project. */
export interface WriteOptions {
  writer?: FileWriter;
}

/**
 * Locks files for a transaction that writes them. The rights of the writer are checked on the locked rows: a file that
 * is moved to another data set at the same time is either moved after this transaction or checked in its new place.
 *
 * For a writer limited to some data sets, unknown files and those of other data sets are refused alike, so that it
 * learns nothing about the others. With `ignoreUnknownIds`, both are left out.
 *
 * @returns the referenced files, in that order; a file referenced in two ways appears twice
 * @throws KonturError `files-duplicated`, then `forbidden`, then `files-not-found`
 */
export async function lockFiles(
  transaction: Transaction<Schema>,
  project: string,
  references: FileReference[],
  { writer, ignoreUnknownIds = false }: WriteOptions & { ignoreUnknownIds?: boolean } = {},
): Promise<FileEntry[]> {
  refuseDuplicates(references);
  const rows = await transaction
    .selectFrom('files')
    .select(ENTRY_COLUMNS)
    .where(selectReferences(project, references))
    // In one order, so that two transactions wait for each other instead of deadlocking.
    .orderBy('id')
    .forUpdate()
    .execute();
  const found = inRequestOrder(rows.map(toFileEntry), references, { ignoreUnknownIds: true });
  if (ignoreUnknownIds) return found.filter((file) => writer === undefined || writer.mayWrite(file));
  for (const file of found) writer?.authoriseWrite(file);
  if (found.length < references.length) writer?.authoriseWrite(undefined);
  return inRequestOrder(found, references, { ignoreUnknownIds });
}
