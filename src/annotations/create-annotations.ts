import type { AnnotationStatus } from '#contract/annotations/annotation';
import type { AnnotationData } from '#contract/annotations/annotation-data';
import { checkAnnotationData } from '#contract/annotations/check-annotation-data';
import type { Database } from '../database/open-database.ts';
import { randomId } from '../database/random-id.ts';
import { checkText } from '../files/check-text.ts';
import { filesNotFound } from '../files/name-references.ts';
import { writeCreation } from './annotation-history.ts';
import type { AnnotationContent, AnnotationRecord } from './annotation-record.ts';
import { checkDataSize } from './check-data-size.ts';
import { saveAnnotations } from './save-annotations.ts';

/** An annotation to create; `data` is checked against its type. */
export interface NewAnnotation extends Partial<Pick<AnnotationContent, 'outline' | 'byHand' | 'origin'>> {
  fileId: number;
  annotationType: string;
  status: AnnotationStatus;
  data: AnnotationData;
  creatingApp: string;
  creatingAppVersion: string;
  creatingUser: string | null;
}

/**
 * Creates annotations on files of the project: all or none, answered in the given order. Equal ones may exist any
 * number of times.
 *
 * @param by subject of the token of who creates them
 * @throws KonturError `invalid-request`, `not-supported` as `checkAnnotationData` does, with the place in `items`;
 *   `files-not-found`
 */
export async function createAnnotations(
  { database, now }: { database: Pick<Database, 'kysely'>; now: () => number },
  project: string,
  items: NewAnnotation[],
  { by }: { by: string },
): Promise<AnnotationRecord[]> {
  checkText(items, 'items');
  const time = now();
  const records = items.map((item, index): AnnotationRecord => {
    const { annotationType, data } = checkAnnotationData(item.annotationType, item.data, `items[${index}].data`);
    return {
      id: randomId(),
      project,
      fileId: item.fileId,
      annotationType,
      status: item.status,
      creatingApp: item.creatingApp,
      creatingAppVersion: item.creatingAppVersion,
      creatingUser: item.creatingUser,
      data,
      createdTime: time,
      lastUpdatedTime: time,
      createdBy: by,
      updatedBy: by,
      outline: item.outline ?? null,
      byHand: item.byHand ?? false,
      origin: item.origin ?? null,
      deletedTime: null,
    };
  });
  checkDataSize(records);
  const fileIds = [...new Set(records.map(({ fileId }) => fileId))];
  await database.kysely.transaction().execute(async (transaction) => {
    // Deleting a file waits for this transaction, and this one for it: no annotation is without its file.
    const files = await transaction
      .selectFrom('files')
      .select('id')
      .where('project', '=', project)
      .where('id', 'in', fileIds)
      .orderBy('id')
      .forKeyShare()
      .execute();
    const known = new Set(files.map(({ id }) => id));
    const unknown = fileIds.filter((id) => !known.has(id));
    if (unknown.length > 0) throw filesNotFound(unknown.map((id) => ({ id })));
    await saveAnnotations(transaction, records);
    await writeCreation(
      transaction,
      records.map(({ id }) => id),
      { by, time },
    );
  });
  return records;
}
