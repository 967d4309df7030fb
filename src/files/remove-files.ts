import type { Transaction } from 'kysely';
import type { FileReference } from '#contract/files/file-reference';
import type { Blobs } from '../blobs/blobs.ts';
import type { Database } from '../database/open-database.ts';
import type { Schema } from '../database/schema.ts';
import { deleteFileRows } from './delete-rows.ts';
import { findFiles } from './find-files.ts';

/** Ends what is going to be done with files that a transaction deletes; `time` is in milliseconds since 1970-01-01 UTC. */
export type EndJobs = (transaction: Transaction<Schema>, fileIds: number[], time: number) => Promise<void>;

/**
 * Removes files with their content and their uploads in parts, all of those named or, on an error, none.
 * @throws KonturError `files-duplicated`, `files-not-found` as `findFiles` does.
 */
export async function removeFiles(
  { database, blobs, endJobs, now }: { database: Database; blobs: Blobs; endJobs?: EndJobs; now: () => number },
  project: string,
  references: FileReference[],
  { ignoreUnknownIds }: { ignoreUnknownIds: boolean },
): Promise<void> {
  const files = await findFiles({ database }, project, references, { ignoreUnknownIds });
  if (files.length === 0) return;
  const unused = await database.kysely.transaction().execute(async (transaction) => {
    const locked = await transaction
      .selectFrom('files')
      .select('id')
      .where(
        'id',
        'in',
        files.map(({ id }) => id),
      )
      .orderBy('id')
      .forUpdate()
      .execute();
    const ids = locked.map(({ id }) => id);
    if (ids.length > 0) await endJobs?.(transaction, ids, now());
    return deleteFileRows(transaction, ids);
  });
  // After the rows, so that no file is ever left without its content; and from what was deleted, not from what was found
  // before, so that an upload which ended in between leaves nothing.
  await Promise.all(unused.map((key) => blobs.remove(key)));
}
