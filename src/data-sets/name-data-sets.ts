import type { DataSetReference } from '#contract/data-sets/data-set-reference';
import { KonturError } from '#contract/errors';

/** Creates the error for references that name no data set of the project. */
export function dataSetsNotFound(references: readonly DataSetReference[]): KonturError {
  const missing = references.map(toReference);
  return new KonturError('data-sets-not-found', `Data set ids not found: ${missing.map(nameOf).join(', ')}`, {
    missing,
  });
}

/** Creates the error for externalIds that other data sets have, or that a request gives twice. */
export function dataSetsDuplicated(externalIds: readonly string[]): KonturError {
  return new KonturError(
    'data-sets-duplicated',
    `Data sets would have the same externalId: ${externalIds.join(', ')}. Choose another, or take it from the other data set first.`,
    { duplicated: externalIds.map((externalId) => ({ externalId })) },
  );
}

/**
 * Refuses references that are given twice.
 *
 * @throws KonturError `data-sets-duplicated`
 */
export function refuseRepeatedReferences(references: readonly DataSetReference[]): void {
  const seen = new Set<string>();
  const twice = new Map<string, DataSetReference>();
  for (const reference of references) {
    const key = JSON.stringify([reference.id, reference.externalId]);
    if (seen.has(key)) twice.set(key, reference);
    seen.add(key);
  }
  if (twice.size === 0) return;
  const duplicated = [...twice.values()].map(toReference);
  throw new KonturError('data-sets-duplicated', `Duplicate data set ids: ${duplicated.map(nameOf).join(', ')}`, {
    duplicated,
  });
}

const toReference = ({ id, externalId }: DataSetReference) => (id === undefined ? { externalId } : { id });
const nameOf = ({ id, externalId }: DataSetReference) => id ?? externalId;
