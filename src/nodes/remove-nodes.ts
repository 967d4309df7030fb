import type { InstanceId } from '#contract/files/file-reference';
import type { Database } from '../database/open-database.ts';
import type { Files } from '../files/create-files.ts';
import { findSpaces } from './find-spaces.ts';
import { refuseUnknownSpaces } from './lock-spaces.ts';
import { nodeKey } from './node-record.ts';

/**
 * Deletes nodes with their files and contents. Unknown nodes are left out, but their spaces must exist
 * (docs/contract.md#instances-delete).
 *
 * @returns the ids of deleted nodes
 * @throws KonturError `spaces-not-found`; `invalid-request` for ids that no node can have
 */
export async function removeNodes(
  { database, files }: { database: Database; files: Pick<Files, 'remove'> },
  project: string,
  ids: InstanceId[],
): Promise<InstanceId[]> {
  const spaces = ids.map(({ space }) => space);
  const known = await findSpaces(database, project, spaces);
  refuseUnknownSpaces(
    spaces,
    known.map(({ space }) => space),
  );
  const each = new Map(ids.map(({ space, externalId }) => [nodeKey({ space, externalId }), { space, externalId }]));
  const references = [...each.values()].map((instanceId) => ({ instanceId }));
  // The rows of the nodes are deleted with those of the files.
  const removed = await files.remove(project, references, { ignoreUnknownIds: true });
  return removed.flatMap(({ instanceId }) => instanceId ?? []);
}
