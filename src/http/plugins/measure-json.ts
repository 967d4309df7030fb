import { KonturError } from '#contract/errors';

/**
 * Deepest nesting of a body, far beyond any real request; deeper values would exhaust the stack of code that compares
 * or writes them.
 */
export const MAX_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENING_BRACKET = 0x5b;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACKET = 0x5d;
const CLOSING_BRACE = 0x7d;

/**
 * Counts, byte by byte while a JSON text arrives, what parsing it would create: values, and how deep they are nested. A
 * value may take up to fifty times as much memory as text, so the size of a text says little about its cost.
 *
 * @param mostValues limit of values at all levels; a key and its value count as one
 * @returns a function that takes the next bytes in UTF-8. It throws KonturError `body-too-large` past `mostValues`,
 *   `invalid-request` past `MAX_DEPTH`. Invalid JSON is counted up to where a parser would stop.
 */
export function measureJson(mostValues: number): (bytes: Uint8Array) => void {
  let values = 1;
  let depth = 0;
  let inString = false;
  let escaped = false;
  return (bytes) => {
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index]!;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inString = false;
      } else if (byte === QUOTE) {
        inString = true;
      } else if (byte === COMMA) {
        values++;
      } else if (byte === OPENING_BRACKET || byte === OPENING_BRACE) {
        values++;
        depth++;
        if (depth > MAX_DEPTH + 1) {
          throw new KonturError('invalid-request', `The body is nested more than ${MAX_DEPTH} deep.`);
        }
      } else if (byte === CLOSING_BRACKET || byte === CLOSING_BRACE) {
        depth--;
      }
    }
    if (values > mostValues) {
      throw new KonturError(
        'body-too-large',
        `The body holds more values than the limit of ${mostValues}, counted at all levels.`,
      );
    }
  };
}
