import { KonturError } from '#contract/errors';
import type { FileCreate } from '#contract/files/file';
import type { FileChanges } from '#contract/files/file-update';
import { MAX_ASSET_IDS, MAX_LABELS, MAX_SECURITY_CATEGORIES } from '#contract/limits';
import { checkMetadata } from './check-metadata.ts';
import type { FileRecord } from './file-record.ts';
import { checkGeoLocation } from './geo-location/check-geometry.ts';

/** Every property that can be changed, with its new value; null removes it. */
export type ChangedProperties = { [Key in keyof Omit<FileCreate, 'name'>]: FileCreate[Key] | null };

const VALUES = [
  'externalId',
  'directory',
  'source',
  'mimeType',
  'sourceCreatedTime',
  'sourceModifiedTime',
  'dataSetId',
  'geoLocation',
] as const;
/** Properties that a file with an instanceId takes from its node. */
const OF_THE_NODE = ['directory', 'source', 'mimeType', 'sourceCreatedTime', 'sourceModifiedTime'] as const;

/**
 * Computes the changed properties of a file from an update; those that it leaves alone are absent.
 *
 * @param place path of the changes in the request, for messages
 * @throws KonturError `invalid-request` for operations that exclude each other, for the name, and past the limits;
 *   `not-supported` for properties that belong to the node of the file
 */
export function changeFile(file: FileRecord, changes: FileChanges, place: string): ChangedProperties {
  refuseFixed(file, changes, place);
  const changed: Record<string, unknown> = {};
  for (const key of VALUES) {
    const change = changes[key];
    if (change !== undefined) changed[key] = change.set ?? null;
  }
  const { assetIds, securityCategories, labels, metadata, geoLocation } = changes;
  if (geoLocation?.set) checkGeoLocation(geoLocation.set, `${place}.geoLocation.set`);
  const id = (value: number) => value;
  if (assetIds) {
    changed.assetIds = changeList(file.assetIds, assetIds, id, { place: `${place}.assetIds`, most: MAX_ASSET_IDS });
  }
  if (securityCategories) {
    changed.securityCategories = changeList(file.securityCategories, securityCategories, id, {
      place: `${place}.securityCategories`,
      most: MAX_SECURITY_CATEGORIES,
    });
  }
  if (labels) {
    changed.labels = changeList(file.labels, labels, ({ externalId }) => externalId, {
      place: `${place}.labels`,
      most: MAX_LABELS,
    });
  }
  if (metadata) changed.metadata = changeMetadata(file.metadata, metadata, `${place}.metadata`);
  return changed;
}

function refuseFixed(file: FileRecord, changes: FileChanges, place: string): void {
  if ('name' in changes) {
    throw new KonturError(
      'invalid-request',
      `${place}.name: the name of a file cannot be changed. Post the file again with overwrite=true.`,
    );
  }
  const fixed = file.instanceId === undefined ? undefined : OF_THE_NODE.find((key) => changes[key] !== undefined);
  if (fixed === undefined) return;
  throw new KonturError(
    'not-supported',
    `${place}.${fixed}: file ${file.id} has it from its node. Change the node with POST …/models/instances.`,
  );
}

interface ListChange<Item> {
  set?: Item[];
  setNull?: true;
  add?: Item[];
  remove?: Item[];
}

/** Added items come after existing ones, each once. */
function changeList<Item>(
  current: Item[] = [],
  change: ListChange<Item>,
  keyOf: (item: Item) => unknown,
  { place, most }: { place: string; most: number },
): Item[] | null {
  refuseMixed(change, place);
  if (change.setNull) return null;
  const removed = new Set(change.remove?.map(keyOf));
  const kept = (change.set ?? current).filter((item) => !removed.has(keyOf(item)));
  const items = new Map([...kept, ...(change.add ?? [])].map((item) => [keyOf(item), item]));
  if (items.size > most) {
    throw new KonturError('invalid-request', `${place} would have ${items.size} items, at most ${most} are allowed.`);
  }
  return [...items.values()];
}

function changeMetadata(
  current: Record<string, string> = {},
  change: NonNullable<FileChanges['metadata']>,
  place: string,
): Record<string, string> | null {
  refuseMixed(change, place);
  if (change.setNull) return null;
  const removed = new Set(change.remove);
  const kept = Object.entries(change.set ?? current).filter(([key]) => !removed.has(key));
  const metadata = Object.fromEntries([...kept, ...Object.entries(change.add ?? {})]);
  checkMetadata(metadata);
  return metadata;
}

interface Operations {
  set?: unknown;
  setNull?: unknown;
  add?: unknown;
  remove?: unknown;
}

/** @throws KonturError `invalid-request` unless the operations are `set`, `setNull`, or `add` and `remove` */
function refuseMixed({ set, setNull, add, remove }: Operations, place: string): void {
  const ways = [set, setNull, add ?? remove].filter((way) => way !== undefined);
  if (ways.length > 1) {
    throw new KonturError('invalid-request', `${place}: give either set, or setNull, or add and remove.`);
  }
}
