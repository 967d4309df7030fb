import { KonturError } from '../contract/error-codes.ts';
import { MIN_PART_BYTES } from '../contract/limits.ts';

/** Most numbers of parts that a message lists. */
const MAX_LISTED = 20;

/**
 * Checks that an upload can be completed: every part has arrived, and all but the last are large enough.
 *
 * @param received the parts that have arrived, by ascending number
 * @throws KonturError `upload-incomplete` that names the others
 */
export function checkParts(parts: number, received: { part: number; content_bytes: number }[]): void {
  const arrived = new Set(received.map(({ part }) => part));
  const missing = Array.from({ length: parts }, (_, index) => index + 1).filter((part) => !arrived.has(part));
  if (missing.length > 0) {
    throw new KonturError(
      'upload-incomplete',
      `Not all of the ${parts} parts have been uploaded. PUT what is missing to its uploadUrl, then complete again: part ${list(missing)}.`,
    );
  }
  const small = received.filter(({ part, content_bytes }) => part < parts && content_bytes < MIN_PART_BYTES);
  if (small.length > 0) {
    throw new KonturError(
      'upload-incomplete',
      `Every part but the last must have at least ${MIN_PART_BYTES} bytes. PUT larger ones, then complete again: ${list(
        small.map(({ part, content_bytes }) => `part ${part} has ${content_bytes}`),
      )}.`,
    );
  }
}

function list(items: (number | string)[]): string {
  const more = items.length - MAX_LISTED;
  return items.slice(0, MAX_LISTED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
