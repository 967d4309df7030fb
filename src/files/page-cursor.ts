import { createHash } from 'node:crypto';
import { defined } from '#contract/defined';
import { KonturError } from '#contract/errors';

/**
 * Encodes an opaque cursor for a list by ascending id: the next page starts after `lastId`. It is bound to the query
 * (any JSON value: project, filter, …) and is invalid with another one.
 */
export function encodeCursor(query: unknown, lastId: number): string {
  return encodePosition(query, [lastId]);
}

/**
 * Decodes a cursor to the id after which the page starts.
 *
 * @throws KonturError `invalid-request` for a cursor of another query
 */
export function decodeCursor(query: unknown, cursor: string): number {
  return defined(decodePosition(query, cursor, 1)[0], 'id in the cursor');
}

/** Encodes an opaque cursor, bound to the query, for a list by several whole numbers: those of the last item. */
export function encodePosition(query: unknown, position: readonly number[]): string {
  return Buffer.from(JSON.stringify([digest(query), ...position])).toString('base64url');
}

/**
 * Decodes a cursor to the `length` numbers after which the page starts.
 *
 * @throws KonturError `invalid-request` for a cursor of another query
 */
export function decodePosition(query: unknown, cursor: string, length: number): number[] {
  const [boundTo, ...position] = parse(cursor);
  if (boundTo !== digest(query) || position.length !== length || !position.every(Number.isSafeInteger)) {
    throw new KonturError(
      'invalid-request',
      'The cursor is not one of this list. Repeat the request that gave it, with the same project and filter, or start without a cursor.',
    );
  }
  return position as number[];
}

function parse(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function digest(query: unknown): string {
  return createHash('sha256').update(JSON.stringify(query, sortKeys)).digest('base64url').slice(0, 22);
}

/** Clients may send the same filter with its keys in another order. */
function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
