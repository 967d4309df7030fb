import type { Transaction } from 'kysely';
import type { FileReference } from '#contract/files/file-reference';
import type { Blobs } from '../blobs/blobs.ts';
import type { Database } from '../database/open-database.ts';
import type { Schema } from '../database/schema.ts';
import { deleteFileRows } from './delete-rows.ts';
import type { FileRecord } from './file-record.ts';
import { lockFiles, type WriteOptions } from './lock-files.ts';

/** Ends what is going to be done with files that a transaction deletes; `time` is in milliseconds since 1970-01-01 UTC. */
export type EndJobs = (transaction: Transaction<Schema>, fileIds: number[], time: number) => Promise<void>;

/**
 * Removes files with their content and their uploads in parts, all of those named or, on an error, none. With `ignoreUnknownIds`,
 * those that the writer may not write are left out like those that do not exist.
 * @returns the files that were removed, each once
 * @throws KonturError `files-duplicated`, `forbidden`, `files-not-found` as `lockFiles` does.
 */
export async function removeFiles(
  { database, blobs, endJobs, now }: { database: Database; blobs: Blobs; endJobs?: EndJobs; now: () => number },
  project: string,
  references: FileReference[],
  { ignoreUnknownIds, writer }: { ignoreUnknownIds: boolean } & WriteOptions,
): Promise<FileRecord[]> {
  if (references.length === 0) return [];
  const { removed, unused } = await database.kysely.transaction().execute(async (transaction) => {
    const named = await lockFiles(transaction, project, references, { writer, ignoreUnknownIds });
    const files = new Map(named.map((file) => [file.id, file]));
    const ids = [...files.keys()];
    if (ids.length > 0) await endJobs?.(transaction, ids, now());
    return { removed: [...files.values()], unused: await deleteFileRows(transaction, ids) };
  });
  // After the rows, so that no file is ever left without its content.
  await Promise.all(unused.map((key) => blobs.remove(key)));
  return removed;
}
