import type { FileReference } from '#contract/files/file-reference';
import type { Database } from '../database/open-database.ts';
import { type FileRecord, toFileRecord } from './file-record.ts';
import { filesNotFound, referenceKey, refuseDuplicates } from './name-references.ts';
import { selectReferences } from './select-references.ts';
import { type Visibility, visibleFiles } from './visible-files.ts';

/** Files that are not visible are as if they did not exist. */
export interface FindOptions extends Visibility {
  ignoreUnknownIds: boolean;
}

/**
 * The files that the references name, in that order. Unknown ones are left out with `ignoreUnknownIds`.
 * @throws KonturError `files-duplicated`, which is checked first (docs/contract.md#errors-duplicated), then
 *   `files-not-found`.
 */
export async function findFiles(
  { database }: { database: Database },
  project: string,
  references: FileReference[],
  { ignoreUnknownIds, dataSetIds }: FindOptions,
): Promise<FileRecord[]> {
  refuseDuplicates(references);
  const rows = await database.kysely
    .selectFrom('files')
    .selectAll()
    .where(selectReferences(project, references))
    .where(visibleFiles(project, { dataSetIds }))
    .execute();
  return inRequestOrder(rows.map(toFileRecord), references, { ignoreUnknownIds });
}

/**
 * The record that each reference names.
 * @throws KonturError `files-not-found`
 */
export function inRequestOrder(
  records: FileRecord[],
  references: FileReference[],
  { ignoreUnknownIds }: { ignoreUnknownIds: boolean },
): FileRecord[] {
  const found = new Map<string, FileRecord>();
  for (const record of records) {
    found.set(referenceKey({ id: record.id }), record);
    if (record.externalId !== undefined) found.set(referenceKey({ externalId: record.externalId }), record);
    if (record.instanceId !== undefined) found.set(referenceKey({ instanceId: record.instanceId }), record);
  }
  const unknown = references.filter((reference) => !found.has(referenceKey(reference)));
  if (unknown.length > 0 && !ignoreUnknownIds) throw filesNotFound(unknown);
  return references.flatMap((reference) => found.get(referenceKey(reference)) ?? []);
}
