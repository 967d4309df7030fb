import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import { KonturError } from '../contract/error-codes.ts';
import { type FileFilter, UNSUPPORTED_FILE_FILTERS } from '../contract/file-filter.ts';
import type { Schema } from '../database/schema.ts';
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
 * Conditions on `files` that a row has to meet, all of them.
 * @throws KonturError `not-supported` for a condition that this server cannot check; `invalid-request` for unstorable text.
 */
export function filterConditions(files: ExpressionBuilder<Schema, 'files'>, filter: FileFilter): Expression<SqlBool>[] {
  checkText(filter, 'filter');
  refuseUnsupported(filter);
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
  { metadata, assetIds, dataSetIds, labels, uploaded }: FileFilter,
): Expression<SqlBool>[] {
  const conditions: Expression<SqlBool>[] = [];
  if (metadata !== undefined) conditions.push(sql<boolean>`metadata @> ${JSON.stringify(metadata)}::jsonb`);
  if (assetIds !== undefined) conditions.push(sql<boolean>`asset_ids && ${assetIds}::bigint[]`);
  if (dataSetIds !== undefined) conditions.push(files('data_set_id', 'in', dataSetIds.map(toDataSetId)));
  if (labels?.containsAny) conditions.push(sql<boolean>`labels && ${toTexts(labels.containsAny)}::text[]`);
  if (labels?.containsAll) conditions.push(sql<boolean>`labels @> ${toTexts(labels.containsAll)}::text[]`);
  if (uploaded !== undefined) conditions.push(files('blob_key', uploaded ? 'is not' : 'is', null));
  return conditions;
}

const toTexts = (labels: { externalId: string }[]) => labels.map(({ externalId }) => externalId);

function toDataSetId({ id }: { id?: number }): number {
  if (id !== undefined) return id;
  throw new KonturError(
    'not-supported',
    'filter.dataSetIds: this server keeps no data sets, so that it cannot look up an externalId. Name the data set by its id.',
  );
}

function refuseUnsupported(filter: FileFilter): void {
  const unsupported = UNSUPPORTED_FILE_FILTERS.filter((key) => key in filter);
  if (unsupported.length === 0) return;
  throw new KonturError('not-supported', `This server cannot filter files by ${unsupported.join(', ')}. Leave it out.`);
}
