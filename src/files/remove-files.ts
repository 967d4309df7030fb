import type { FileReference } from '#contract/files/file-reference';
import type { Blobs } from '../blobs/blobs.ts';
import type { Database } from '../database/open-database.ts';
import { deleteFileRows } from './delete-rows.ts';
import type { FileLife } from './file-life.ts';
import type { FileEntry } from './file-record.ts';
import { lockFiles, type WriteOptions } from './lock-files.ts';

/**
 * Deletes files with everything that belongs to them: all of those named or, on an error, none. In one transaction,
 * listeners end running work (`removing`: jobs), then the rows of multipart uploads, files and nodes are deleted. After
 * it, the contents are deleted, and listeners delete what they keep (`removed`: embeddings, direct uploads). `start/`
 * decides who listens.
 *
 * With `ignoreUnknownIds`, files that the writer may not write are left out like those that do not exist.
 *
 * @returns the deleted files, each once
 * @throws KonturError `files-duplicated`, `forbidden`, `files-not-found` as `lockFiles` does
 */
export async function removeFiles(
  { database, blobs, life, now }: { database: Database; blobs: Blobs; life?: FileLife; now: () => number },
  project: string,
  references: FileReference[],
  { ignoreUnknownIds, writer }: { ignoreUnknownIds: boolean } & WriteOptions,
): Promise<FileEntry[]> {
  if (references.length === 0) return [];
  const { removed, unused } = await database.kysely.transaction().execute(async (transaction) => {
    const named = await lockFiles(transaction, project, references, { writer, ignoreUnknownIds });
    const files = new Map(named.map((file) => [file.id, file]));
    const ids = [...files.keys()];
    if (ids.length > 0) await life?.removing(transaction, ids, now());
    return { removed: [...files.values()], unused: await deleteFileRows(transaction, ids) };
  });
  // After the rows, so that no file is ever without its content.
  await Promise.all(unused.map((key) => blobs.remove(key)));
  if (removed.length > 0) await life?.removed(project, removed);
  return removed;
}
