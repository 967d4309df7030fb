import type { FileReference } from '../contract/file-reference.ts';
import type { Database } from '../database/open-database.ts';
import { type FileRecord, toFileRecord } from './file-record.ts';
import { filesNotFound, referenceKey, refuseDuplicates } from './name-references.ts';
import { selectReferences } from './select-references.ts';

/**
 * The files that the references name, in that order. Unknown ones are left out with `ignoreUnknownIds`.
 * @throws KonturError `files-duplicated` (looked at first, as the hosted API does), then `files-not-found`.
 */
export async function findFiles(
  { database }: { database: Database },
  project: string,
  references: FileReference[],
  { ignoreUnknownIds }: { ignoreUnknownIds: boolean },
): Promise<FileRecord[]> {
  refuseDuplicates(references);
  const rows = await database.kysely
    .selectFrom('files')
    .selectAll()
    .where(selectReferences(project, references))
    .execute();
  const found = new Map<string, FileRecord>();
  for (const record of rows.map(toFileRecord)) {
    found.set(referenceKey({ id: record.id }), record);
    if (record.externalId !== undefined) found.set(referenceKey({ externalId: record.externalId }), record);
    if (record.instanceId !== undefined) found.set(referenceKey({ instanceId: record.instanceId }), record);
  }
  const unknown = references.filter((reference) => !found.has(referenceKey(reference)));
  if (unknown.length > 0 && !ignoreUnknownIds) throw filesNotFound(unknown);
  return references.flatMap((reference) => found.get(referenceKey(reference)) ?? []);
}
