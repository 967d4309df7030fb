import { KonturError } from '#contract/errors';

/** Creates the error for external ids that no label of the project has. */
export function labelsNotFound(externalIds: readonly string[]): KonturError {
  return new KonturError('labels-not-found', `Label ids not found: ${externalIds.join(', ')}`, {
    missing: externalIds.map((externalId) => ({ externalId })),
  });
}

/** Creates the error for labels that exist already. */
export function labelsExist(externalIds: readonly string[]): KonturError {
  return new KonturError(
    'labels-duplicated',
    `Labels with these externalIds exist already: ${externalIds.join(', ')}. A label cannot be changed; delete it first, files keep it.`,
    { duplicated: externalIds.map((externalId) => ({ externalId })) },
  );
}

/**
 * Refuses labels that are named twice.
 *
 * @throws KonturError `labels-duplicated`
 */
export function refuseRepeatedLabels(externalIds: readonly string[]): void {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const externalId of externalIds) {
    if (seen.has(externalId)) twice.add(externalId);
    seen.add(externalId);
  }
  if (twice.size === 0) return;
  const duplicated = [...twice];
  throw new KonturError('labels-duplicated', `Duplicate label ids: ${duplicated.join(', ')}`, {
    duplicated: duplicated.map((externalId) => ({ externalId })),
  });
}
