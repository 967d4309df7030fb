import type { Transaction } from 'kysely';
import type { FileReference } from '#contract/files/file-reference';
import type { Schema } from '../database/schema.ts';
import { ENTRY_COLUMNS, type FileEntry, toFileEntry } from './file-record.ts';
import { inRequestOrder } from './find-files.ts';
import { refuseDuplicates } from './name-references.ts';
import { selectReferences } from './select-references.ts';

/** The rights of someone who writes files. */
export interface FileWriter {
  /** Whether it may write the file as it is at this moment. */
  mayWrite(file: FileEntry): boolean;
  /** @throws KonturError `forbidden` where it may not write the file; undefined stands for one that is gone or never was */
  authoriseWrite(file: FileEntry | undefined): void;
  /** @throws KonturError `forbidden` where it may not create files in the data set; undefined stands for none */
  authoriseCreation(dataSetId: number | undefined): void;
}

/** Who writes. Absent: the server on its own account, which may write every file of the project. */
export interface WriteOptions {
  writer?: FileWriter;
}

/**
 * Locks files for a transaction that writes them. The rights of the writer are held against the locked rows: a file that is moved
 * to another data set at the same time is either moved after this transaction or judged by where it is now.
 *
 * To a writer that is limited to some data sets, unknown files and those of other data sets are refused alike, so that it does not
 * learn what there is in others. With `ignoreUnknownIds`, both are left out.
 *
 * @returns the files that the references name, in that order; one that has two names among them twice
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
    // In one order, so that two transactions wait for each other instead of blocking each other.
    .orderBy('id')
    .forUpdate()
    .execute();
  const found = inRequestOrder(rows.map(toFileEntry), references, { ignoreUnknownIds: true });
  if (ignoreUnknownIds) return found.filter((file) => writer === undefined || writer.mayWrite(file));
  for (const file of found) writer?.authoriseWrite(file);
  if (found.length < references.length) writer?.authoriseWrite(undefined);
  return inRequestOrder(found, references, { ignoreUnknownIds });
}
