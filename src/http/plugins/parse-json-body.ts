import { isUtf8 } from 'node:buffer';
import { KonturError } from '#contract/errors';
import { MAX_DEPTH } from './measure-json.ts';

/**
 * Parses a JSON body and removes null properties, since clients send absent values as null
 * (docs/contract.md#transport-null-is-absent). Items of arrays are kept as they are.
 *
 * @param nulls which null properties are kept: those of objects under the key `nullsIn`, and those named `keptNull`
 * @throws KonturError `invalid-request` for bytes that are not UTF-8, for text that is not JSON, is nested too deep, or
 *   has the key `__proto__`
 */
export function parseJsonBody(body: string | Buffer, nulls: KeptNulls = {}): unknown {
  if (typeof body !== 'string' && !isUtf8(body))
    throw new KonturError('invalid-request', 'The body is not valid UTF-8.');
  const text = body.toString();
  if (text.trim() === '') throw new KonturError('invalid-request', 'The body is empty; send a JSON object.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new KonturError('invalid-request', `The body is not valid JSON: ${(error as Error).message}.`);
  }
  if (isObject(value)) removeNulls(value, { depth: 0, keepsNulls: false, ...nulls });
  return value;
}

interface KeptNulls {
  nullsIn?: string | undefined;
  keptNull?: string | undefined;
}

interface Place extends KeptNulls {
  depth: number;
  keepsNulls: boolean;
}

/** Visits each value once and copies none: an array of entries would take many times the value's memory. */
function removeNulls(value: Record<string, unknown> | unknown[], place: Place): void {
  const { depth, keepsNulls, nullsIn, keptNull } = place;
  if (depth > MAX_DEPTH) throw new KonturError('invalid-request', `The body is nested more than ${MAX_DEPTH} deep.`);
  if (Array.isArray(value)) {
    const inside = { ...place, depth: depth + 1, keepsNulls: false };
    for (const item of value) if (isObject(item)) removeNulls(item, inside);
    return;
  }
  for (const key in value) {
    if (key === '__proto__') {
      throw new KonturError('invalid-request', 'The key __proto__ is not accepted in a body.');
    }
    const item = value[key];
    if (isObject(item)) removeNulls(item, { ...place, depth: depth + 1, keepsNulls: key === nullsIn });
    else if (item === null && !keepsNulls && key !== keptNull) delete value[key];
  }
}

const isObject = (value: unknown): value is Record<string, unknown> | unknown[] =>
  typeof value === 'object' && value !== null;
