import { type Expression, type SqlBool, sql } from 'kysely';
import { KonturError } from '#contract/errors';
import { checkFileView } from './file-view.ts';
import { shorten } from './shorten.ts';

/** Properties that every node has, and their columns. */
const COLUMNS: Record<string, 'nodes.space' | 'nodes.external_id'> = {
  '["node","space"]': 'nodes.space',
  '["node","externalId"]': 'nodes.external_id',
};
const OFFERED =
  'and; equals and in on ["node", "space"] and ["node", "externalId"]; hasData of the view cdf_cdm/CogniteFile/v1';

/** Each becomes a part of the query, which may have many more. */
const MAX_CONDITIONS = 100;

/**
 * Translates a filter of data modelling to conditions on `nodes`, all of which a row must meet. Only part of that
 * filter language can be evaluated here.
 *
 * @throws KonturError `not-supported`, which names the part and its alternative; `invalid-request` for a malformed
 *   filter
 */
export function nodeConditions(filter: object): Expression<SqlBool>[] {
  const conditions = conditionsOf(filter, 'filter');
  if (conditions.length <= MAX_CONDITIONS) return conditions;
  throw refusal(
    `filter must have at most ${MAX_CONDITIONS} conditions, got ${conditions.length}: use in for many values`,
  );
}

function conditionsOf(filter: object, place: string): Expression<SqlBool>[] {
  const entries = Object.entries(filter);
  if (entries.length !== 1) {
    const found = entries.map(([key]) => key).join(' and ') || 'none';
    throw refusal(`${place} must have exactly one condition, got ${shorten(found)}`);
  }
  const [[name, value]] = entries as [[string, unknown]];
  const at = `${place}.${name}`;
  switch (name) {
    case 'and':
      return toObjects(value, at).flatMap((part, index) => conditionsOf(part, `${at}[${index}]`));
    case 'equals': {
      const { property, value: wanted } = toObject(value, at);
      return [oneOf(property, [toText(wanted, `${at}.value`)], at)];
    }
    case 'in': {
      const { property, values } = toObject(value, at);
      const wanted = toArray(values, `${at}.values`).map((item, index) => toText(item, `${at}.values[${index}]`));
      return [oneOf(property, wanted, at)];
    }
    case 'hasData':
      for (const [index, source] of toObjects(value, at).entries()) checkSource(source, `${at}[${index}]`);
      // Every node is a file.
      return [];
    default:
      throw new KonturError('not-supported', `${shorten(at)} cannot be checked by this server. It knows ${OFFERED}.`);
  }
}

function oneOf(property: unknown, values: string[], place: string): Expression<SqlBool> {
  const column = COLUMNS[JSON.stringify(property)];
  if (column === undefined) {
    const found = shorten(JSON.stringify(property) ?? 'none');
    throw new KonturError(
      'not-supported',
      `${place}.property cannot be checked by this server, got ${found}. It knows ${OFFERED}.`,
    );
  }
  return sql<boolean>`${sql.ref(column)} = any(${values}::text[])`;
}

function checkSource({ type, space, externalId, version }: Record<string, unknown>, place: string): void {
  if (type !== 'view' && type !== 'container') throw refusal(`${place}.type must be view or container`);
  const ids = { space: toText(space, `${place}.space`), externalId: toText(externalId, `${place}.externalId`) };
  const withVersion = version === undefined ? {} : { version: toText(version, `${place}.version`) };
  checkFileView({ type, ...ids, ...withVersion }, place);
}

function toObject(value: unknown, place: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw refusal(`${place} must be an object`);
}

function toArray(value: unknown, place: string): unknown[] {
  if (Array.isArray(value)) return value;
  throw refusal(`${place} must be an array`);
}

function toText(value: unknown, place: string): string {
  if (typeof value === 'string') return value;
  throw refusal(`${place} must be a string`);
}

const toObjects = (value: unknown, place: string) =>
  toArray(value, place).map((item, index) => toObject(item, `${place}[${index}]`));

const refusal = (message: string) => new KonturError('invalid-request', `${message}.`);
