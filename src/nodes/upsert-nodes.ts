import { isDeepStrictEqual } from 'node:util';
import type { Transaction } from 'kysely';
import type { NodeWrite, WrittenNode } from '#contract/data-modelling/instances';
import { KonturError } from '#contract/errors';
import type { CogniteFileProperties, CogniteFileWrite } from '#contract/files/cognite-file';
import type { InstanceId } from '#contract/files/file-reference';
import { MAX_ANSWER_BYTES, MAX_NODE_BYTES } from '#contract/limits';
import type { Database } from '../database/open-database.ts';
import { randomId } from '../database/random-id.ts';
import type { Schema } from '../database/schema.ts';
import { type CheckedWrite, checkNodeWrites } from './check-node-writes.ts';
import { nodesTooLarge } from './find-nodes.ts';
import { lockSpaces, refuseUnknownSpaces } from './lock-spaces.ts';
import { NODE_COLUMNS, type NodeRow, nodeKey } from './node-record.ts';
import { saveNodes } from './save-nodes.ts';
import { selectNodes } from './select-nodes.ts';

/** How existing nodes are written; the fields are explained in `contract/data-modelling/instances.ts`. */
export interface WriteMode {
  replace?: boolean;
  skipOnVersionConflict?: boolean;
}

/**
 * Creates nodes with their files, or updates existing ones and their files; all or none, answered in the given order. A
 * node that would not change keeps its version (docs/contract.md#instances-upsert).
 *
 * @throws KonturError `spaces-not-found`, `node-version-conflict`; `answer-too-large` if the existing nodes are too
 *   large to read at once; `invalid-request` for too large a node; and as `checkNodeWrites` does
 */
export async function upsertNodes(
  { database, now }: { database: Database; now: () => number },
  project: string,
  nodes: NodeWrite[],
  mode: WriteMode,
): Promise<WrittenNode[]> {
  const writes = checkNodeWrites(nodes);
  return database.kysely.transaction().execute(async (transaction) => {
    const spaces = writes.map(({ space }) => space);
    refuseUnknownSpaces(spaces, await lockSpaces(transaction, project, spaces));
    const existing = await lockNodes(transaction, project, writes);
    const time = now();
    const results = writes.map((write) => {
      const before = existing.get(nodeKey(write));
      const row = before === undefined ? newRow(project, write, time) : changedRow(before, write, mode, time);
      return { row, wasModified: row !== before };
    });
    await saveNodes(
      transaction,
      results.filter(({ wasModified }) => wasModified).map(({ row }) => row),
    );
    return results.map(({ row, wasModified }) => toWrittenNode(row, wasModified));
  });
}

/**
 * The files are locked because deleting a file deletes its node; all other changes to nodes need the lock of their
 * space.
 */
async function lockNodes(
  transaction: Transaction<Schema>,
  project: string,
  ids: InstanceId[],
): Promise<Map<string, NodeRow>> {
  const locked = await transaction
    .selectFrom('nodes')
    .innerJoin('files', 'files.id', 'nodes.file_id')
    .select(['nodes.file_id', 'nodes.record_bytes'])
    .where(selectNodes(project, ids))
    .orderBy('nodes.file_id')
    .forUpdate('files')
    .execute();
  if (locked.length === 0) return new Map();
  const bytes = locked.reduce((sum, { record_bytes }) => sum + record_bytes, 0);
  if (locked.length > 1 && bytes > MAX_ANSWER_BYTES) throw nodesTooLarge(locked.length);
  const rows = await transaction
    .selectFrom('nodes')
    .select(NODE_COLUMNS)
    .where(
      'nodes.file_id',
      'in',
      locked.map(({ file_id }) => file_id),
    )
    .execute();
  return new Map(rows.map((row) => [nodeKey({ space: row.space, externalId: row.external_id }), row]));
}

function newRow(project: string, { space, externalId, properties }: CheckedWrite, time: number): NodeRow {
  return {
    file_id: randomId(),
    project,
    space,
    external_id: externalId,
    version: 1,
    properties: checkSize(withoutNulls(properties), { space, externalId }),
    created_time: time,
    last_updated_time: time,
  };
}

/** Returns `before` itself if nothing changes, or if the change is skipped. */
function changedRow(before: NodeRow, write: CheckedWrite, mode: WriteMode, time: number): NodeRow {
  if (write.existingVersion !== undefined && before.version > write.existingVersion) {
    if (mode.skipOnVersionConflict) return before;
    throw versionConflict(before, write.existingVersion);
  }
  const kept = mode.replace ? {} : before.properties;
  const properties = withoutNulls({ ...kept, ...write.properties });
  if (isDeepStrictEqual(properties, before.properties)) return before;
  checkSize(properties, write);
  return { ...before, properties, version: before.version + 1, last_updated_time: time };
}

function withoutNulls(properties: CogniteFileWrite): CogniteFileProperties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== null));
}

/** @throws KonturError `invalid-request` for properties larger than a node may have */
function checkSize(properties: CogniteFileProperties, { space, externalId }: InstanceId): CogniteFileProperties {
  const bytes = Buffer.byteLength(JSON.stringify(properties));
  if (bytes <= MAX_NODE_BYTES) return properties;
  throw new KonturError(
    'invalid-request',
    `The node ${space}:${externalId} would have properties of ${bytes} bytes of JSON, at most ${MAX_NODE_BYTES} are allowed.`,
  );
}

function versionConflict({ space, external_id, version }: NodeRow, existingVersion: number): KonturError {
  const reason =
    existingVersion === 0
      ? 'exists already'
      : `has version ${version}, later than the existingVersion ${existingVersion}`;
  return new KonturError(
    'node-version-conflict',
    `The node ${space}:${external_id} ${reason}. Read it and write it again, or set skipOnVersionConflict to leave it.`,
  );
}

function toWrittenNode(row: NodeRow, wasModified: boolean): WrittenNode {
  return {
    instanceType: 'node',
    space: row.space,
    externalId: row.external_id,
    version: row.version,
    wasModified,
    createdTime: row.created_time,
    lastUpdatedTime: row.last_updated_time,
  };
}
