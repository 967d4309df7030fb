import { KonturError } from '#contract/errors';

/** Far beyond any real request; deeper values would exhaust the stack of whoever compares or writes them. */
const MAX_DEPTH = 64;

/**
 * The value of a JSON body. Properties that are null are left out, since clients send absent values as null
 * (docs/contract.md#transport-null-is-absent). Items of arrays stay as they are.
 *
 * @param nullsIn objects under this key keep their properties that are null
 * @throws KonturError `invalid-request` for text that is no JSON, is nested too deep, or names the key `__proto__`
 */
export function parseJsonBody(text: string, nullsIn?: string): unknown {
  if (text.trim() === '') throw new KonturError('invalid-request', 'The body is empty; send a JSON object.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new KonturError('invalid-request', `The body is not valid JSON: ${(error as Error).message}.`);
  }
  removeNulls(value, { depth: 0, nullsIn });
  return value;
}

interface Place {
  depth: number;
  key?: string;
  nullsIn: string | undefined;
}

function removeNulls(value: unknown, { depth, key: own, nullsIn }: Place): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > MAX_DEPTH) throw new KonturError('invalid-request', `The body is nested more than ${MAX_DEPTH} deep.`);
  if (Object.hasOwn(value, '__proto__')) {
    throw new KonturError('invalid-request', 'The key __proto__ is not accepted in a body.');
  }
  const keepsNulls = Array.isArray(value) || (own !== undefined && own === nullsIn);
  for (const [key, item] of Object.entries(value)) {
    if (item === null && !keepsNulls) delete (value as Record<string, unknown>)[key];
    else removeNulls(item, { depth: depth + 1, key, nullsIn });
  }
}
