import type { Api } from '../api/create-api.ts';
import type { AnnotationStatus, Outline } from '../objects/photo-object.ts';
import type { Annotation } from './annotation.ts';

/** Which annotations are read; what is left out is no condition. */
export interface AnnotationFilter {
  fileId?: number;
  status?: AnnotationStatus;
  label?: string;
  dataSetId?: number;
  creatingUser?: string;
}

/** A page of annotations, the one that was changed last first. */
export interface AnnotationPage {
  items: Annotation[];
  nextCursor?: string | null;
}

/** An annotation that is to be made. */
export interface NewAnnotation {
  fileId: number;
  label: string;
  rings: Outline['parts'];
  status: AnnotationStatus;
  score?: number;
  byHand?: boolean;
  /** The candidate that it was chosen as. */
  origin?: { jobId?: number; rank?: number; score?: number };
}

/** A change of an annotation; what is left out stays. */
export interface AnnotationChange {
  id: number;
  /** The time that the change is made upon: refused with 409 if somebody else has changed the annotation since. */
  lastUpdatedTime?: number;
  status?: AnnotationStatus;
  label?: string;
  rings?: Outline['parts'];
  byHand?: boolean;
}

/** One change in the history of an annotation. */
export interface AnnotationStep {
  time: number;
  by: string;
  change: 'created' | 'updated' | 'deleted' | 'restored';
  /** State and label after it. */
  status: AnnotationStatus;
  label: string | null;
  /** Whether it changed where the object is. */
  isOutlineChanged: boolean;
}

/** A value that annotations are filtered by, and how many annotations have it. */
export interface FacetCount {
  count: number;
}

/** How many annotations there are of each label, state and person. */
export interface AnnotationFacets {
  labels: (FacetCount & { label: string | null })[];
  statuses: (FacetCount & { status: AnnotationStatus })[];
  /** Null: made by a service. */
  users: (FacetCount & { user: string | null })[];
}

const ROUTE = 'kontur/annotations';

/** Reads a page of annotations. @throws ApiError if the server refused or does not answer */
export async function readAnnotations(
  api: Pick<Api, 'fetch'>,
  query: AnnotationFilter & { limit?: number; cursor?: string },
  signal?: AbortSignal,
): Promise<AnnotationPage> {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  const response = await api.fetch(`${ROUTE}?${search}`, { signal });
  return response.json() as Promise<AnnotationPage>;
}

/** Reads all annotations of a photo. @throws ApiError if the server refused or does not answer */
export async function readAllOfFile(
  api: Pick<Api, 'fetch'>,
  fileId: number,
  signal?: AbortSignal,
): Promise<Annotation[]> {
  const all: Annotation[] = [];
  let cursor: string | undefined;
  do {
    const page = await readAnnotations(api, { fileId, limit: 250, cursor }, signal);
    all.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return all;
}

/** Makes annotations, at most 1000. Returns them in the order of the request. @throws ApiError if refused */
export const createAnnotations = (api: Pick<Api, 'fetch'>, items: readonly NewAnnotation[], signal?: AbortSignal) =>
  sendItems<Annotation>(api, ROUTE, 'POST', items, signal);

/**
 * Changes annotations, at most 1000, all or none. Returns them in the order of the request.
 *
 * @throws ApiError if refused; with status 409, `annotationsNow` reads what others have made of them
 */
export const changeAnnotations = (api: Pick<Api, 'fetch'>, items: readonly AnnotationChange[], signal?: AbortSignal) =>
  sendItems<Annotation>(api, ROUTE, 'PATCH', items, signal);

/** Deletes annotations, at most 1000. @throws ApiError if refused */
export const deleteAnnotations = (api: Pick<Api, 'fetch'>, ids: readonly number[]) =>
  sendItems<never>(api, 'annotations/delete', 'POST', toItems(ids));

/** Brings deleted annotations back, at most 1000. @throws ApiError if refused, or not offered by the server */
export const restoreAnnotations = (api: Pick<Api, 'fetch'>, ids: readonly number[]) =>
  sendItems<Annotation>(api, `${ROUTE}/restore`, 'POST', toItems(ids));

/** Reads what has happened to an annotation, the last change first. @throws ApiError if refused, or not offered */
export async function readHistory(
  api: Pick<Api, 'fetch'>,
  id: number,
  signal?: AbortSignal,
): Promise<AnnotationStep[]> {
  const response = await api.fetch(`${ROUTE}/${id}/history`, { signal });
  return ((await response.json()) as { items: AnnotationStep[] }).items;
}

/** Counts annotations by what they are filtered by. @throws ApiError if refused, or not offered by the server */
export async function readFacets(
  api: Pick<Api, 'fetch'>,
  dataSetId: number | undefined,
  signal?: AbortSignal,
): Promise<AnnotationFacets> {
  const response = await api.fetch(`${ROUTE}/facets${dataSetId === undefined ? '' : `?dataSetId=${dataSetId}`}`, {
    signal,
  });
  return response.json() as Promise<AnnotationFacets>;
}

const toItems = (ids: readonly number[]) => ids.map((id) => ({ id }));

async function sendItems<T>(
  api: Pick<Api, 'fetch'>,
  path: string,
  method: 'POST' | 'PATCH',
  items: readonly object[],
  signal?: AbortSignal,
): Promise<T[]> {
  const headers = { 'content-type': 'application/json' };
  const response = await api.fetch(path, { method, headers, body: JSON.stringify({ items }), signal });
  const body = (await response.json()) as { items?: T[] };
  return body.items ?? [];
}
