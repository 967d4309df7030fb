import { ANNOTATION_STATUSES, type Annotation } from '../annotations/annotation.ts';
import type { AnnotationFilter } from '../annotations/annotation-requests.ts';

/** Which annotations are reviewed: what the address of the screen says. */
export type ReviewQuery = Omit<AnnotationFilter, 'fileId'>;

/** Reads what the address says; what it cannot mean is left out. */
export function readReviewQuery(query: URLSearchParams): ReviewQuery {
  const dataSetId = Number(query.get('dataSet') ?? Number.NaN);
  const status = ANNOTATION_STATUSES.find((one) => one === query.get('status'));
  const label = query.get('label') ?? '';
  const creatingUser = query.get('person') ?? '';
  return {
    ...(status && { status }),
    ...(label !== '' && { label: label.slice(0, 128) }),
    ...(Number.isSafeInteger(dataSetId) && dataSetId > 0 && { dataSetId }),
    ...(creatingUser !== '' && { creatingUser: creatingUser.slice(0, 255) }),
  };
}

/** Address of the review with this query, such as `/review?status=suggested`. */
export function reviewAddress({ status, label, dataSetId, creatingUser }: ReviewQuery): string {
  const query = new URLSearchParams();
  if (status !== undefined) query.set('status', status);
  if (label !== undefined) query.set('label', label);
  if (dataSetId !== undefined) query.set('dataSet', String(dataSetId));
  if (creatingUser !== undefined) query.set('person', creatingUser);
  return query.size === 0 ? '/review' : `/review?${query}`;
}

/** Whether an annotation is among those that a query shows, as far as the annotation itself says. */
export const matches = ({ status, label, creatingUser }: ReviewQuery, annotation: Annotation): boolean =>
  (status === undefined || annotation.status === status) &&
  (label === undefined || annotation.label === label) &&
  (creatingUser === undefined || annotation.creatingUser === creatingUser);
