import { defined } from '#contract/defined';
import type { Database } from '../database/open-database.ts';
import { decodeCursor, encodeCursor } from '../files/page-cursor.ts';
import { type AnnotationFilter, annotationConditions } from './annotation-conditions.ts';

/** A file that has an annotation; its data set and space say who may read it. */
export interface AnnotatedFile {
  id: number;
  externalId?: string;
  dataSetId?: number;
  instanceId?: { space: string; externalId: string };
}

/** A page of files; `nextCursor` is absent on the last one. */
export interface AnnotatedFilePage {
  items: AnnotatedFile[];
  nextCursor?: string;
}

/** Files per query, and the most in one request: a reader of few files gets short pages instead of slow ones. */
const BATCH = 1000;
const MOST_READ = 10_000;

/**
 * Finds the files of a project that have an annotation that meets the filter, by ascending id, each once, and only
 * those that may be read. A page may have fewer files than `limit` without being the last.
 *
 * @throws KonturError `invalid-request` for a cursor of another list, and as `annotationConditions` does
 */
export async function findAnnotatedFiles(
  { database }: { database: Pick<Database, 'kysely'> },
  project: string,
  { filter, limit, cursor }: { filter: AnnotationFilter; limit: number; cursor?: string },
  mayRead: (file: AnnotatedFile) => boolean,
): Promise<AnnotatedFilePage> {
  const query = { project, filter, of: 'files' };
  let after = cursor === undefined ? 0 : decodeCursor(query, cursor);
  const items: AnnotatedFile[] = [];
  for (let read = 0; read < MOST_READ; read += BATCH) {
    const batch = await readBatch(database, project, filter, after);
    for (const file of batch) {
      if (mayRead(file)) {
        if (items.length === limit) return { items, nextCursor: encodeCursor(query, after) };
        items.push(file);
      }
      after = file.id;
    }
    if (batch.length < BATCH) return { items };
  }
  return { items, nextCursor: encodeCursor(query, after) };
}

async function readBatch(
  { kysely }: Pick<Database, 'kysely'>,
  project: string,
  filter: AnnotationFilter,
  after: number,
): Promise<AnnotatedFile[]> {
  const conditions = annotationConditions(project, filter);
  const rows = await kysely
    .selectFrom('files')
    .select(['id', 'external_id', 'data_set_id', 'instance_space', 'instance_external_id'])
    .where('id', '>', after)
    .where('id', 'in', (annotated) => annotated.selectFrom('annotations').select('file_id').where(conditions))
    .orderBy('id')
    .limit(BATCH)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    ...(row.external_id !== null && { externalId: row.external_id }),
    ...(row.data_set_id !== null && { dataSetId: row.data_set_id }),
    ...(row.instance_space !== null && {
      instanceId: { space: row.instance_space, externalId: defined(row.instance_external_id, 'id of the node') },
    }),
  }));
}
