import type { Transaction } from 'kysely';
import type { Schema } from '../database/schema.ts';
import { toFileColumns } from './file-properties.ts';
import type { NodeRow } from './node-record.ts';

/** Inserts or updates rows of nodes, and copies the shared properties to the rows of their files. */
export async function saveNodes(transaction: Transaction<Schema>, nodes: NodeRow[]): Promise<void> {
  if (nodes.length === 0) return;
  const fileRows = nodes.map(
    ({ file_id, project, space, external_id, properties, created_time, last_updated_time }) => ({
      ...{ id: file_id, project, instance_space: space, instance_external_id: external_id },
      ...toFileColumns(properties),
      ...{ created_time, last_updated_time },
    }),
  );
  await transaction
    .insertInto('files')
    .values(fileRows)
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((file) => ({
        name: file.ref('excluded.name'),
        mime_type: file.ref('excluded.mime_type'),
        directory: file.ref('excluded.directory'),
        source_created_time: file.ref('excluded.source_created_time'),
        source_modified_time: file.ref('excluded.source_modified_time'),
        last_updated_time: file.ref('excluded.last_updated_time'),
      })),
    )
    .execute();
  await transaction
    .insertInto('nodes')
    .values(nodes.map((node) => ({ ...node, properties: JSON.stringify(node.properties) })))
    .onConflict((conflict) =>
      conflict.column('file_id').doUpdateSet((node) => ({
        version: node.ref('excluded.version'),
        properties: node.ref('excluded.properties'),
        last_updated_time: node.ref('excluded.last_updated_time'),
      })),
    )
    .execute();
}
