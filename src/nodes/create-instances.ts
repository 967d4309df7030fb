import type { NodeWrite, WrittenNode } from '#contract/data-modelling/instances';
import type { Space, SpaceCreate } from '#contract/data-modelling/spaces';
import type { InstanceId } from '#contract/files/file-reference';
import type { Database } from '../database/open-database.ts';
import type { Files } from '../files/create-files.ts';
import { findNodes } from './find-nodes.ts';
import { findSpaces } from './find-spaces.ts';
import { listNodes, type NodeListQuery, type NodePage } from './list-nodes.ts';
import { listSpaces, type SpaceListQuery, type SpacePage } from './list-spaces.ts';
import type { NodeRecord } from './node-record.ts';
import { removeNodes } from './remove-nodes.ts';
import { removeSpaces } from './remove-spaces.ts';
import { upsertNodes, type WriteMode } from './upsert-nodes.ts';
import { upsertSpaces } from './upsert-spaces.ts';

/** The operations on spaces and nodes. Each is documented, with what it throws, at its function in this folder. */
export interface Instances {
  upsertSpaces(project: string, spaces: SpaceCreate[]): Promise<Space[]>;
  findSpaces(project: string, names: string[]): Promise<Space[]>;
  listSpaces(project: string, query: SpaceListQuery): Promise<SpacePage>;
  removeSpaces(project: string, names: string[]): Promise<string[]>;
  upsertNodes(project: string, nodes: NodeWrite[], mode: WriteMode): Promise<WrittenNode[]>;
  findNodes(project: string, ids: InstanceId[]): Promise<NodeRecord[]>;
  listNodes(project: string, query: NodeListQuery): Promise<NodePage>;
  removeNodes(project: string, ids: InstanceId[]): Promise<InstanceId[]>;
}

/** The operations on spaces and nodes over a database. `now` is in milliseconds since 1970-01-01 UTC. */
export function createInstances({
  database,
  files,
  now = Date.now,
}: {
  database: Database;
  files: Pick<Files, 'remove' | 'settle'>;
  now?: () => number;
}): Instances {
  const { kysely } = database;
  return {
    upsertSpaces: (project, spaces) => upsertSpaces({ database, now }, project, spaces),
    findSpaces: (project, names) => findSpaces({ kysely }, project, names),
    listSpaces: (project, query) => listSpaces({ database }, project, query),
    removeSpaces: (project, names) => removeSpaces({ database }, project, names),
    upsertNodes: (project, nodes, mode) => upsertNodes({ database, now }, project, nodes, mode),
    // Nodes show whether their files have content, so finished uploads are recorded first.
    async findNodes(project, ids) {
      await files.settle(project);
      return findNodes({ database }, project, ids);
    },
    async listNodes(project, query) {
      await files.settle(project);
      return listNodes({ database }, project, query);
    },
    removeNodes: (project, ids) => removeNodes({ database, files }, project, ids),
  };
}
