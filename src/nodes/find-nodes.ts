import { KonturError } from '#contract/errors';
import type { InstanceId } from '#contract/files/file-reference';
import { MAX_ANSWER_BYTES } from '#contract/limits';
import { fittingRows } from '../database/fitting-rows.ts';
import type { Database } from '../database/open-database.ts';
import { checkText } from '../files/check-text.ts';
import { NODE_COLUMNS, type NodeRecord, nodeKey, toNodeRecord, UPLOAD_COLUMNS } from './node-record.ts';
import { selectNodes } from './select-nodes.ts';

/**
 * Finds the nodes with these ids, each once and in that order; unknown ones are left out
 * (docs/contract.md#instances-read).
 *
 * @throws KonturError `invalid-request` for ids that no node can have; `answer-too-large` for more than fits in one
 *   answer
 */
export async function findNodes(
  { database }: { database: Database },
  project: string,
  ids: InstanceId[],
): Promise<NodeRecord[]> {
  checkText(ids, 'items');
  const named = database.kysely
    .selectFrom('nodes')
    .select(['file_id as id', 'file_id as place', 'record_bytes as bytes'])
    .where(selectNodes(project, ids));
  const rows = await database.kysely
    .selectFrom('nodes')
    .innerJoin('files', 'files.id', 'nodes.file_id')
    .innerJoin(fittingRows(named), 'fitting.id', 'nodes.file_id')
    .select(NODE_COLUMNS)
    .select(UPLOAD_COLUMNS)
    .select('fitting.wanted')
    .execute();
  const [first] = rows;
  if (first !== undefined && rows.length < first.wanted) throw nodesTooLarge(first.wanted);
  const found = new Map(rows.map(toNodeRecord).map((node) => [nodeKey(node), node]));
  return [...new Set(ids.map(nodeKey))].flatMap((key) => found.get(key) ?? []);
}

/** Creates the error for nodes that do not fit in one answer, or cannot be read at once. */
export function nodesTooLarge(count: number): KonturError {
  return new KonturError(
    'answer-too-large',
    `The properties of the ${count} nodes take more than the ${MAX_ANSWER_BYTES} bytes that an answer may have. Name fewer at a time.`,
  );
}
