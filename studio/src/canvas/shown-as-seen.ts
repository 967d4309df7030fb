const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG = [0xff, 0xd8, 0xff];
/** Where the header of a PNG says how many bits a sample has. Source: PNG specification, section 11.2.1. */
const PNG_BIT_DEPTH = 24;

/**
 * Whether browsers show an image file with the colours that the engine sees: JPEG, and PNG of at most 8 bits a sample.
 * PNG of 16 bits may use a small part of its range, which the engine stretches and browsers do not.
 *
 * @param head the first 32 bytes of the file
 */
export function isShownAsSeen(head: Uint8Array): boolean {
  const begins = (signature: readonly number[]) => signature.every((byte, place) => head[place] === byte);
  if (begins(JPEG)) return true;
  const bits = head[PNG_BIT_DEPTH];
  return begins(PNG) && bits !== undefined && bits <= 8;
}
