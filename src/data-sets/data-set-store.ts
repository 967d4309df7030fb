import type { DataSet, DataSetCreate, DataSetFilter, DataSetUpdate } from '#contract/data-sets/data-set';
import type { DataSetReference } from '#contract/data-sets/data-set-reference';
import type { Database } from '../database/open-database.ts';
import { createDataSets } from './create-data-sets.ts';
import { type DataSetVisibility, type FoundDataSets, findDataSets } from './find-data-sets.ts';
import { countDataSets, type DataSetListQuery, type DataSetPage, listDataSets } from './list-data-sets.ts';
import { listProtectedIds } from './list-protected-ids.ts';
import { updateDataSets } from './update-data-sets.ts';

/** The operations on data sets. Each is documented, with what it throws, at its function in this folder. */
export interface DataSetStore {
  create(project: string, items: DataSetCreate[]): Promise<DataSet[]>;
  find(
    project: string,
    references: readonly DataSetReference[],
    visibility?: DataSetVisibility,
  ): Promise<FoundDataSets>;
  list(project: string, query: DataSetListQuery, visibility?: DataSetVisibility): Promise<DataSetPage>;
  count(project: string, filter: DataSetFilter, visibility?: DataSetVisibility): Promise<number>;
  update(project: string, updates: DataSetUpdate[]): Promise<DataSet[]>;
  listProtectedIds(project: string): Promise<number[]>;
}

/** The operations on data sets over a database. `now` is in milliseconds since 1970-01-01 UTC. */
export function createDataSetStore({
  database,
  now = Date.now,
}: {
  database: Pick<Database, 'kysely'>;
  now?: () => number;
}): DataSetStore {
  return {
    create: (project, items) => createDataSets({ database, now }, project, items),
    find: (project, references, visibility) => findDataSets(database, project, references, visibility),
    list: (project, query, visibility) => listDataSets({ database }, project, query, visibility),
    count: (project, filter, visibility) => countDataSets({ database }, project, filter, visibility),
    update: (project, updates) => updateDataSets({ database, now }, project, updates),
    listProtectedIds: (project) => listProtectedIds(database, project),
  };
}
