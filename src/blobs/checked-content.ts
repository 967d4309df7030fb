import { createHash } from 'node:crypto';

/** SHA-256 of the content, which it is stored behind. */
const CHECKSUM_BYTES = 32;

/** What is stored, piece by piece: contents are large, and not copied to be put behind a few bytes. */
export const withChecksum = (content: Uint8Array): Uint8Array[] => [checksum(content), content];

/** The content; undefined where it is not as it was stored. */
export function checkedContent(stored: Buffer): Uint8Array | undefined {
  const content = stored.subarray(CHECKSUM_BYTES);
  return checksum(content).equals(stored.subarray(0, CHECKSUM_BYTES)) ? content : undefined;
}

const checksum = (content: Uint8Array) => createHash('sha256').update(content).digest();
