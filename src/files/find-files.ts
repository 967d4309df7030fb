import { KonturError } from '#contract/errors';
import type { FileReference } from '#contract/files/file-reference';
import { MAX_ANSWER_BYTES } from '#contract/limits';
import { fittingRows } from '../database/fitting-rows.ts';
import type { Database } from '../database/open-database.ts';
import {
  ENTRY_COLUMNS,
  FILE_COLUMNS,
  type FileEntry,
  type FileRecord,
  toFileEntry,
  toFileRecord,
} from './file-record.ts';
import { filesNotFound, referenceKey, refuseDuplicates } from './name-references.ts';
import { selectReferences } from './select-references.ts';
import { type Visibility, visibleFiles } from './visible-files.ts';

/** Options of look-ups. Files that are not visible are treated as if they did not exist. */
export interface FindOptions extends Visibility {
  ignoreUnknownIds: boolean;
}

/**
 * Finds the referenced files, in that order. Unknown ones are left out with `ignoreUnknownIds`.
 *
 * @throws KonturError `files-duplicated`, which is checked first (docs/contract.md#errors-duplicated), then
 *   `answer-too-large`, then `files-not-found`
 */
export async function findFiles(
  { database: { kysely } }: { database: Pick<Database, 'kysely'> },
  project: string,
  references: FileReference[],
  { ignoreUnknownIds, dataSetIds }: FindOptions,
): Promise<FileRecord[]> {
  refuseDuplicates(references);
  const named = kysely
    .selectFrom('files')
    .select(['id', 'id as place', 'record_bytes as bytes'])
    .where(selectReferences(project, references))
    .where(visibleFiles(project, { dataSetIds }));
  const rows = await kysely
    .selectFrom('files')
    .innerJoin(fittingRows(named), 'fitting.id', 'files.id')
    .select(FILE_COLUMNS)
    .select('fitting.wanted')
    .execute();
  const [first] = rows;
  if (first !== undefined && rows.length < first.wanted) throw answerTooLarge(first.wanted);
  return inRequestOrder(rows.map(toFileRecord), references, { ignoreUnknownIds });
}

/**
 * Finds the referenced files without the properties that may be large, so that any number can be looked up.
 *
 * @throws KonturError `files-duplicated`, `files-not-found`
 */
export async function findEntries(
  { database: { kysely } }: { database: Pick<Database, 'kysely'> },
  project: string,
  references: FileReference[],
  { ignoreUnknownIds, dataSetIds }: FindOptions,
): Promise<FileEntry[]> {
  refuseDuplicates(references);
  const rows = await kysely
    .selectFrom('files')
    .select(ENTRY_COLUMNS)
    .where(selectReferences(project, references))
    .where(visibleFiles(project, { dataSetIds }))
    .execute();
  return inRequestOrder(rows.map(toFileEntry), references, { ignoreUnknownIds });
}

/** Creates the error for files whose records do not fit in one answer. */
export function answerTooLarge(count: number): KonturError {
  return new KonturError(
    'answer-too-large',
    `The records of the ${count} files take more than the ${MAX_ANSWER_BYTES} bytes that an answer may have. Ask for fewer at a time.`,
  );
}

/**
 * Sorts records by the references that name them.
 *
 * @throws KonturError `files-not-found`
 */
export function inRequestOrder<Entry extends FileEntry>(
  records: Entry[],
  references: FileReference[],
  { ignoreUnknownIds }: { ignoreUnknownIds: boolean },
): Entry[] {
  const found = new Map<string, Entry>();
  for (const record of records) {
    found.set(referenceKey({ id: record.id }), record);
    if (record.externalId !== undefined) found.set(referenceKey({ externalId: record.externalId }), record);
    if (record.instanceId !== undefined) found.set(referenceKey({ instanceId: record.instanceId }), record);
  }
  const unknown = references.filter((reference) => !found.has(referenceKey(reference)));
  if (unknown.length > 0 && !ignoreUnknownIds) throw filesNotFound(unknown);
  return references.flatMap((reference) => found.get(referenceKey(reference)) ?? []);
}
