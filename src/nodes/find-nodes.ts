import type { InstanceId } from '#contract/files/file-reference';
import type { Database } from '../database/open-database.ts';
import { checkText } from '../files/check-text.ts';
import { type NodeRecord, nodeKey, toNodeRecord, UPLOAD_COLUMNS } from './node-record.ts';
import { selectNodes } from './select-nodes.ts';

/**
 * The nodes with these ids, each once and in that order; unknown ones are left out (docs/contract.md#instances-read).
 * @throws KonturError `invalid-request` for ids that no node can have.
 */
export async function findNodes(
  { database }: { database: Database },
  project: string,
  ids: InstanceId[],
): Promise<NodeRecord[]> {
  checkText(ids, 'items');
  const rows = await database.kysely
    .selectFrom('nodes')
    .innerJoin('files', 'files.id', 'nodes.file_id')
    .selectAll('nodes')
    .select(UPLOAD_COLUMNS)
    .where(selectNodes(project, ids))
    .execute();
  const found = new Map(rows.map(toNodeRecord).map((node) => [nodeKey(node), node]));
  return [...new Set(ids.map(nodeKey))].flatMap((key) => found.get(key) ?? []);
}
