import { isDeepStrictEqual } from 'node:util';
import type { AnnotationData } from '#contract/annotations/annotation-data';
import { checkAnnotationData } from '#contract/annotations/check-annotation-data';
import { defined } from '#contract/defined';
import type { Database } from '../database/open-database.ts';
import { checkText } from '../files/check-text.ts';
import { writeHistory } from './annotation-history.ts';
import type { AnnotationContent, AnnotationRecord } from './annotation-record.ts';
import { ChangedMeanwhile } from './changed-meanwhile.ts';
import { checkDataSize } from './check-data-size.ts';
import { lockAnnotations, readLocked } from './lock-annotations.ts';
import { saveAnnotations } from './save-annotations.ts';

/** A change of an annotation: what is undefined stays. */
export interface AnnotationChange extends Partial<Omit<AnnotationContent, 'data' | 'annotationType'>> {
  id: number;
  annotationType?: string;
  /** Replaces the data as a whole; checked against the type. */
  data?: AnnotationData;
  /** `lastUpdatedTime` that the client has read; if another change came since, nothing is written. */
  lastUpdatedTime?: number;
}

/**
 * Changes annotations of the project: all or none, answered in the given order. `lastUpdatedTime` grows even if nothing
 * changes. New data without an outline drops the outline that is kept, unless the polygon is the one before.
 *
 * @param by subject of the token of who changes them
 * @throws KonturError `annotations-duplicated`, `annotations-not-found`, `answer-too-large`; `ChangedMeanwhile`;
 *   `invalid-request`, `not-supported` as `checkAnnotationData` does, with the place in `items`
 */
export async function changeAnnotations(
  { database, now }: { database: Pick<Database, 'kysely'>; now: () => number },
  project: string,
  changes: AnnotationChange[],
  { by }: { by: string },
): Promise<AnnotationRecord[]> {
  checkText(changes, 'items');
  const ids = changes.map(({ id }) => id);
  return database.kysely.transaction().execute(async (transaction) => {
    const before = await readLocked(transaction, await lockAnnotations(transaction, project, ids));
    const overtaken = before.filter((record, index) => {
      const { lastUpdatedTime = record.lastUpdatedTime } = defined(changes[index], 'change of the annotation');
      return lastUpdatedTime !== record.lastUpdatedTime;
    });
    if (overtaken.length > 0) throw new ChangedMeanwhile(overtaken);
    const time = now();
    const after = before.map((record, index) => ({
      ...changed(record, defined(changes[index], 'change of the annotation'), index),
      lastUpdatedTime: Math.max(time, record.lastUpdatedTime + 1),
      updatedBy: by,
    }));
    checkDataSize(after);
    await writeHistory(transaction, ids, { change: 'updated', by, time });
    await saveAnnotations(transaction, after);
    return after;
  });
}

function changed(record: AnnotationRecord, change: AnnotationChange, index: number): AnnotationRecord {
  const { status = record.status, byHand = record.byHand, origin = record.origin } = change;
  const rest = { ...record, status, byHand, origin };
  const isSameOutline = change.data === undefined || isDeepStrictEqual(change.data.polygon, record.data.polygon);
  const outline = change.outline === undefined && isSameOutline ? record.outline : (change.outline ?? null);
  if (change.annotationType === undefined && change.data === undefined) return { ...rest, outline };
  const place = change.data === undefined ? `data of the annotation ${record.id}` : `items[${index}].update.data.set`;
  const type = change.annotationType ?? record.annotationType;
  return { ...rest, ...checkAnnotationData(type, change.data ?? record.data, place), outline };
}
