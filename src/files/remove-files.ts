import type { Blobs } from '../blobs/blobs.ts';
import type { FileReference } from '../contract/file-reference.ts';
import type { Database } from '../database/open-database.ts';
import { deleteFileRows } from './delete-rows.ts';
import { findFiles } from './find-files.ts';

/**
 * Removes files with their content and their uploads in parts, all of those named or, on an error, none.
 * @throws KonturError `files-duplicated`, `files-not-found` as `findFiles` does.
 */
export async function removeFiles(
  { database, blobs }: { database: Database; blobs: Blobs },
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
    return deleteFileRows(
      transaction,
      locked.map(({ id }) => id),
    );
  });
  // After the rows, so that no file is ever left without its content; and from what was deleted, not from what was found
  // before, so that an upload which ended in between leaves nothing.
  await Promise.all(unused.map((key) => blobs.remove(key)));
}
