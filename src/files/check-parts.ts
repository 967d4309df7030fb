import { KonturError } from '#contract/errors';

/** Most part numbers that a message lists. */
const MAX_LISTED = 20;

/**
 * Checks that every part of an upload has arrived. The documented minimum size of a part, 5 MiB, is a limit of the
 * hosted store; smaller parts are accepted here, since clients send them (docs/contract.md#files-complete-multipart).
 *
 * @param parts how many parts the upload has
 * @param received the parts that have arrived, by ascending number
 * @throws KonturError `upload-incomplete`, which names the missing parts
 */
export function checkParts(parts: number, received: { part: number }[]): void {
  const arrived = new Set(received.map(({ part }) => part));
  const missing = Array.from({ length: parts }, (_, index) => index + 1).filter((part) => !arrived.has(part));
  if (missing.length > 0) {
    throw new KonturError(
      'upload-incomplete',
      `Not all of the ${parts} parts have been uploaded. PUT what is missing to its uploadUrl, then complete again: part ${list(missing)}.`,
    );
  }
}

function list(items: number[]): string {
  const more = items.length - MAX_LISTED;
  return items.slice(0, MAX_LISTED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
