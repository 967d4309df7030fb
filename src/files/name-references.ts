import { KonturError } from '#contract/errors';
import type { FileReference } from '#contract/files/file-reference';

/** The three ways of naming a file, as the hosted API's errors call them (docs/contract.md#errors-missing). */
const KINDS = [
  { kind: 'id', missing: 'File ids', duplicated: 'ids' },
  { kind: 'externalId', missing: 'Files ids', duplicated: 'external ids' },
  { kind: 'instanceId', missing: 'File instance ids', duplicated: 'instance ids' },
] as const;

/** A map key for a reference: equal for two references exactly if they name a file by the same id of the same kind. */
export function referenceKey({ id, externalId, instanceId }: FileReference): string {
  return JSON.stringify([id, externalId, instanceId?.space, instanceId?.externalId]);
}

/**
 * Refuses references that are given twice.
 *
 * @throws KonturError `files-duplicated`
 */
export function refuseDuplicates(references: FileReference[]): void {
  const seen = new Set<string>();
  const duplicated = new Map<string, FileReference>();
  for (const reference of references) {
    const key = referenceKey(reference);
    if (seen.has(key)) duplicated.set(key, reference);
    seen.add(key);
  }
  if (duplicated.size === 0) return;
  const list = [...duplicated.values()].map(withoutAbsentKeys);
  throw new KonturError(
    'files-duplicated',
    describe(list, (kind) => `Duplicate ${kind.duplicated}`),
    { duplicated: list },
  );
}

/** Creates the error for references that name no file of the project. */
export function filesNotFound(references: FileReference[]): KonturError {
  const missing = references.map(withoutAbsentKeys);
  return new KonturError(
    'files-not-found',
    describe(missing, (kind) => `${kind.missing} not found`),
    { missing },
  );
}

function describe(references: FileReference[], title: (kind: (typeof KINDS)[number]) => string): string {
  return KINDS.flatMap((entry) => {
    const named = references.flatMap((reference) => reference[entry.kind] ?? []);
    const texts = named.map((id) => (typeof id === 'object' ? `${id.space}:${id.externalId}` : id));
    return texts.length === 0 ? [] : `${title(entry)}: ${texts.join(', ')}`;
  }).join('. ');
}

function withoutAbsentKeys({ id, externalId, instanceId }: FileReference) {
  return {
    ...(id !== undefined && { id }),
    ...(externalId !== undefined && { externalId }),
    ...(instanceId !== undefined && { instanceId }),
  };
}
