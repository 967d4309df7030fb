import { KonturError } from '#contract/errors';

const UNSTORABLE = 'holds a character that cannot be stored: U+0000 or half of a surrogate pair';
/** Deeper values would exhaust the stack of the code that serialises them. */
const MAX_DEPTH = 64;

/**
 * Checks that every string in a value, keys included, can be stored and compared: PostgreSQL stores neither U+0000 nor
 * half of a surrogate pair, in text or in jsonb.
 *
 * @param place path of the value in the request, for messages
 * @throws KonturError `invalid-request`, which names the place
 */
export function checkText(value: unknown, place: string): void {
  const found = findUnstorable(value, 0);
  if (found === undefined) return;
  const { reason, isKey, path } = found;
  const at = `${isKey ? 'a key of ' : ''}${[place, ...path.reverse()].join('.')}`;
  throw new KonturError('invalid-request', `${at} ${reason}.`);
}

/** What is wrong, and the keys that lead to it, the innermost first. */
interface Unstorable {
  reason: string;
  isKey: boolean;
  path: string[];
}

function findUnstorable(value: unknown, depth: number): Unstorable | undefined {
  if (typeof value === 'string') return isStorable(value) ? undefined : { reason: UNSTORABLE, isKey: false, path: [] };
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > MAX_DEPTH) return { reason: `is nested more than ${MAX_DEPTH} deep`, isKey: false, path: [] };
  const isArray = Array.isArray(value);
  for (const key in value) {
    if (!isArray && !isStorable(key)) return { reason: UNSTORABLE, isKey: true, path: [] };
    const found = findUnstorable((value as Record<string, unknown>)[key], depth + 1);
    if (found === undefined) continue;
    found.path.push(key);
    return found;
  }
  return undefined;
}

const isStorable = (text: string) => !/\0|\p{Surrogate}/u.test(text);
