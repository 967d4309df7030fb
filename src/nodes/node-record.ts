import type { Selectable } from 'kysely';
import type { CogniteFile } from '#contract/files/cognite-file';
import type { InstanceId } from '#contract/files/file-reference';
import type { FilesTable, NodesTable } from '../database/schema.ts';
import { toTimestamp } from './file-properties.ts';

/** A node as this server stores it. Times are milliseconds since 1970-01-01 UTC. */
export interface NodeRecord extends InstanceId {
  version: number;
  createdTime: number;
  lastUpdatedTime: number;
  properties: CogniteFile;
}

/** A row of `nodes` as it is written. */
export type NodeRow = Omit<Selectable<NodesTable>, 'record_bytes'>;

/** The columns of a `NodeRow`. */
export const NODE_COLUMNS = [
  'nodes.file_id',
  'nodes.project',
  'nodes.space',
  'nodes.external_id',
  'nodes.version',
  'nodes.properties',
  'nodes.created_time',
  'nodes.last_updated_time',
] as const;

/** Columns of a node's file that are also properties of the node; the upload sets them. */
export const UPLOAD_COLUMNS = ['files.uploaded_time', 'files.blob_key'] as const;

/** Converts a row of `nodes`, with its file's upload columns, to the record of a node. */
export function toNodeRecord(row: NodeRow & Pick<Selectable<FilesTable>, 'uploaded_time' | 'blob_key'>): NodeRecord {
  return {
    space: row.space,
    externalId: row.external_id,
    version: row.version,
    createdTime: row.created_time,
    lastUpdatedTime: row.last_updated_time,
    properties: {
      ...row.properties,
      isUploaded: row.blob_key !== null,
      ...(row.uploaded_time !== null && { uploadedTime: toTimestamp(row.uploaded_time) }),
    },
  };
}

/** A map key for a node: equal for two ids exactly if they name the same node of a project. */
export const nodeKey = ({ space, externalId }: InstanceId) => JSON.stringify([space, externalId]);
