import { ApiError } from '../api/api-error.ts';
import type { Annotation } from './annotation.ts';

/** Annotations as others have made them, where a change was refused for that; undefined for any other failure. */
export function annotationsNow(error: unknown): Annotation[] | undefined {
  if (!(error instanceof ApiError) || error.status !== 409) return undefined;
  const { current } = error.details;
  return Array.isArray(current) ? (current as Annotation[]) : undefined;
}

/** Whether a failure says that the server does not offer this, as one that hands annotations on to another. */
export const isNotOffered = (error: unknown): boolean => error instanceof ApiError && error.status === 501;

/** Ids of annotations that a request named and the server no longer has; empty for any other failure. */
export function missingIds(error: unknown): number[] {
  if (!(error instanceof ApiError)) return [];
  const { missing } = error.details;
  if (!Array.isArray(missing)) return [];
  return missing.flatMap(({ id }: { id?: unknown }) => (typeof id === 'number' ? [id] : []));
}
