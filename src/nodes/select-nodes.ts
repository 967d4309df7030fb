import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { InstanceId } from '#contract/files/file-reference';
import type { Schema } from '../database/schema.ts';

/** Condition on `nodes` for queries: in the project, with one of these ids. */
export function selectNodes(project: string, ids: InstanceId[]) {
  return (nodes: ExpressionBuilder<Schema, 'nodes'>): Expression<SqlBool> =>
    nodes.and([
      nodes('nodes.project', '=', project),
      nodes(
        nodes.refTuple('nodes.space', 'nodes.external_id'),
        'in',
        ids.map(({ space, externalId }) => nodes.tuple(space, externalId)),
      ),
    ]);
}
