import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { FileReference } from '#contract/files/file-reference';
import type { Schema } from '../database/schema.ts';
import { checkText } from './check-text.ts';

/**
 * Condition on `files` for queries: in the project and named by one of the references.
 *
 * @throws KonturError `invalid-request` for ids that no file can have
 */
export function selectReferences(project: string, references: FileReference[]) {
  checkText(references, 'items');
  const ids = references.flatMap(({ id }) => id ?? []);
  const externalIds = references.flatMap(({ externalId }) => externalId ?? []);
  const instanceIds = references.flatMap(({ instanceId }) => instanceId ?? []);
  return (files: ExpressionBuilder<Schema, 'files'>): Expression<SqlBool> => {
    const named: Expression<SqlBool>[] = [];
    if (ids.length > 0) named.push(files('id', 'in', ids));
    if (externalIds.length > 0) named.push(files('external_id', 'in', externalIds));
    if (instanceIds.length > 0) {
      named.push(
        files(
          files.refTuple('instance_space', 'instance_external_id'),
          'in',
          instanceIds.map(({ space, externalId }) => files.tuple(space, externalId)),
        ),
      );
    }
    return files.and([files('project', '=', project), files.or(named)]);
  };
}
