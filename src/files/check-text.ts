import { KonturError } from '#contract/errors';

/** PostgreSQL stores neither U+0000 nor half of a surrogate pair, in text as in jsonb. */
const UNSTORABLE = /\0|\p{Surrogate}/u;
/** Deeper values would exhaust the stack of whoever serialises them. */
const MAX_DEPTH = 64;

/**
 * Makes sure that every string in a value, keys included, can be stored and compared.
 * @throws KonturError `invalid-request` that names the place.
 */
export function checkText(value: unknown, place: string, depth = 0): void {
  if (depth > MAX_DEPTH) throw new KonturError('invalid-request', `${place} is nested more than ${MAX_DEPTH} deep.`);
  if (typeof value === 'string' && UNSTORABLE.test(value)) {
    throw new KonturError(
      'invalid-request',
      `${place} holds a character that cannot be stored: U+0000 or half of a surrogate pair.`,
    );
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    checkText(key, `a key of ${place}`);
    checkText(item, `${place}.${key}`, depth + 1);
  }
}
