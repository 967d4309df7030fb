import { KonturError } from '#contract/errors';
import { MAX_ANSWER_BYTES } from '#contract/limits';

/**
 * Refuses ids that are given twice.
 *
 * @throws KonturError `annotations-duplicated`
 */
export function refuseDuplicateIds(ids: readonly number[]): void {
  const seen = new Set<number>();
  const duplicated = new Set<number>();
  for (const id of ids) {
    if (seen.has(id)) duplicated.add(id);
    seen.add(id);
  }
  if (duplicated.size === 0) return;
  const twice = [...duplicated];
  throw new KonturError('annotations-duplicated', `Duplicate annotation ids: ${twice.join(', ')}`, {
    duplicated: twice.map((id) => ({ id })),
  });
}

/** Creates the error for ids that name no annotation of the project that the caller may read. */
export function annotationsNotFound(ids: readonly number[]): KonturError {
  return new KonturError('annotations-not-found', `Annotation ids not found: ${ids.join(', ')}`, {
    missing: ids.map((id) => ({ id })),
  });
}

/** Creates the error for annotations whose records do not fit in one answer. */
export function annotationsTooLarge(count: number): KonturError {
  return new KonturError(
    'answer-too-large',
    `The ${count} annotations take more than the ${MAX_ANSWER_BYTES} bytes that an answer may have. Ask for fewer at a time.`,
  );
}

/**
 * Sorts what was found by the ids that were asked for.
 *
 * @throws KonturError `annotations-not-found` for ids that were not found, unless they are ignored
 */
export function inIdOrder<Entry extends { id: number }>(
  found: Entry[],
  ids: readonly number[],
  { ignoreUnknownIds = false }: { ignoreUnknownIds?: boolean } = {},
): Entry[] {
  const byId = new Map(found.map((entry) => [entry.id, entry]));
  const unknown = ids.filter((id) => !byId.has(id));
  if (unknown.length > 0 && !ignoreUnknownIds) throw annotationsNotFound(unknown);
  return ids.flatMap((id) => byId.get(id) ?? []);
}
