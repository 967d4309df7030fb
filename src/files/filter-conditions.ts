import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import { KonturError } from '#contract/errors';
import type { FileFilter } from '#contract/files/file-filter';
import type { Schema } from '../database/schema.ts';
import { checkMetadata } from './check-metadata.ts';
import { checkText } from './check-text.ts';

const EQUAL = { name: 'name', mimeType: 'mime_type', source: 'source' } as const;
const PREFIX = { directoryPrefix: 'directory', externalIdPrefix: 'external_id' } as const;
const TIME_RANGE = {
  createdTime: 'created_time',
  lastUpdatedTime: 'last_updated_time',
  uploadedTime: 'uploaded_time',
  sourceCreatedTime: 'source_created_time',
  sourceModifiedTime: 'source_modified_time',
} as const;

const keysOf = <K extends string>(table: Record<K, string>) => Object.keys(table) as K[];

/**
 * Translates a filter to conditions on `files`, all of which a row must meet; except `geoLocation` (see
 * `filesAtPlace`).
 *
 * @throws KonturError `references-not-found` for assets and data sets given by externalId; `invalid-request` for
 *   unstorable text and for more metadata than a file can have
 */
export function filterConditions(files: ExpressionBuilder<Schema, 'files'>, filter: FileFilter): Expression<SqlBool>[] {
  checkText(filter, 'filter');
  if (filter.metadata !== undefined) checkMetadata(filter.metadata, 'The metadata of the filter');
  const conditions: Expression<SqlBool>[] = [];
  for (const key of keysOf(EQUAL)) {
    const value = filter[key];
    if (value !== undefined) conditions.push(files(EQUAL[key], '=', value));
  }
  for (const key of keysOf(PREFIX)) {
    const prefix = filter[key];
    if (prefix !== undefined) conditions.push(sql<boolean>`starts_with(${sql.ref(PREFIX[key])}, ${prefix})`);
  }
  for (const key of keysOf(TIME_RANGE)) {
    const { min, max } = filter[key] ?? {};
    if (min !== undefined) conditions.push(files(TIME_RANGE[key], '>=', min));
    if (max !== undefined) conditions.push(files(TIME_RANGE[key], '<=', max));
  }
  return [...conditions, ...listConditions(files, filter)];
}

function listConditions(
  files: ExpressionBuilder<Schema, 'files'>,
  { metadata, assetIds, assetExternalIds, rootAssetIds, assetSubtreeIds, dataSetIds, labels, uploaded }: FileFilter,
): Expression<SqlBool>[] {
  const conditions: Expression<SqlBool>[] = [];
  if (metadata !== undefined) conditions.push(sql<boolean>`metadata @> ${JSON.stringify(metadata)}::jsonb`);
  const assets = [
    assetIds,
    assetExternalIds &&
      idsOf(
        'assets',
        assetExternalIds.map((externalId) => ({ externalId })),
      ),
    rootAssetIds && idsOf('assets', rootAssetIds),
    assetSubtreeIds && idsOf('assets', assetSubtreeIds),
  ];
  for (const ids of assets) {
    if (ids !== undefined) conditions.push(sql<boolean>`asset_ids && ${ids}::bigint[]`);
  }
  if (dataSetIds !== undefined) conditions.push(files('data_set_id', 'in', idsOf('data sets', dataSetIds)));
  if (labels?.containsAny) conditions.push(sql<boolean>`labels && ${toTexts(labels.containsAny)}::text[]`);
  if (labels?.containsAll) conditions.push(sql<boolean>`labels @> ${toTexts(labels.containsAll)}::text[]`);
  if (uploaded !== undefined) conditions.push(files('blob_key', uploaded ? 'is not' : 'is', null));
  return conditions;
}

const toTexts = (labels: { externalId: string }[]) => labels.map(({ externalId }) => externalId);

/**
 * Assets and data sets are not stored here: only the ids that files refer to are known, no external ids and no parents.
 */
function idsOf(kind: 'assets' | 'data sets', references: { id?: number; externalId?: string }[]): number[] {
  const missing = references.flatMap(({ externalId }) => (externalId === undefined ? [] : { externalId }));
  if (missing.length === 0) return references.flatMap(({ id }) => id ?? []);
  const names = missing.map(({ externalId }) => externalId).join(', ');
  throw new KonturError(
    'references-not-found',
    `External ids not found: ${names}. This server keeps no ${kind}; name them by their ids.`,
    { missing },
  );
}
