import type { Label, LabelCreate } from '#contract/labels/label';
import type { Database } from '../database/open-database.ts';
import { createLabels } from './create-labels.ts';
import { deleteLabels } from './delete-labels.ts';
import { type FoundLabels, findLabels } from './find-labels.ts';
import { type LabelListQuery, type LabelPage, listLabels } from './list-labels.ts';
import type { LabelVisibility } from './visible-labels.ts';

/** The operations on labels. Each is documented, with what it throws, at its function in this folder. */
export interface LabelStore {
  create(project: string, items: LabelCreate[]): Promise<Label[]>;
  find(project: string, externalIds: readonly string[], visibility?: LabelVisibility): Promise<FoundLabels>;
  list(project: string, query: LabelListQuery, visibility?: LabelVisibility): Promise<LabelPage>;
  remove(project: string, externalIds: readonly string[], authorise: (label: Label | undefined) => void): Promise<void>;
}

/** The operations on labels over a database. `now` is in milliseconds since 1970-01-01 UTC. */
export function createLabelStore({
  database,
  now = Date.now,
}: {
  database: Pick<Database, 'kysely'>;
  now?: () => number;
}): LabelStore {
  return {
    create: (project, items) => createLabels({ database, now }, project, items),
    find: (project, externalIds, visibility) => findLabels(database, project, externalIds, visibility),
    list: (project, query, visibility) => listLabels({ database }, project, query, visibility),
    remove: (project, externalIds, authorise) => deleteLabels({ database }, project, externalIds, authorise),
  };
}
