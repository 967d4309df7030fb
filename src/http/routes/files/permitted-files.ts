import type { FileReference } from '#contract/files/file-reference';
import { authorise, authoriseFile, authoriseSomeFiles, mayAccessFile } from '../../../auth/authorise.ts';
import type { Principal } from '../../../auth/principal.ts';
import type { FileEntry } from '../../../files/file-record.ts';
import type { FindOptions } from '../../../files/find-files.ts';
import type { FileWriter } from '../../../files/lock-files.ts';

/** `Files.find` or `Files.findEntries`, whichever the caller needs. */
type Find<Entry> = (project: string, references: FileReference[], options: FindOptions) => Promise<Entry[]>;

/**
 * Finds the referenced files, in that order, and checks that the principal may do this to every one of them. With
 * `ignoreUnknownIds`, forbidden files are left out like unknown ones. For a principal limited to some data sets both
 * are refused alike, so that it learns nothing about the others.
 *
 * @throws KonturError `forbidden`; `files-duplicated`, `answer-too-large`, `files-not-found` as `find` does
 */
export async function findPermittedFiles<Entry extends FileEntry>(
  find: Find<Entry>,
  { principal, action }: { principal: Principal; action: 'READ' | 'WRITE' },
  references: FileReference[],
  { ignoreUnknownIds = false }: { ignoreUnknownIds?: boolean } = {},
): Promise<Entry[]> {
  authoriseSomeFiles(principal, action);
  const found = await find(principal.project, references, { ignoreUnknownIds: true });
  if (ignoreUnknownIds) return found.filter((file) => mayAccessFile(principal, action, file));
  for (const file of found) authoriseFile(principal, action, file);
  if (found.length === references.length) return found;
  authoriseFile(principal, action, undefined);
  return find(principal.project, references, { ignoreUnknownIds });
}

/** The principal's rights as a writer of files. */
export function fileWriter(principal: Principal): FileWriter {
  return {
    mayWrite: (file) => mayAccessFile(principal, 'WRITE', file),
    authoriseWrite: (file) => authoriseFile(principal, 'WRITE', file),
    authoriseCreation: (dataSetId) =>
      authorise(principal, { acl: 'filesAcl', action: 'WRITE', dataSetId: dataSetId ?? null }),
  };
}
