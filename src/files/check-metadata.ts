import { KonturError } from '#contract/errors';

/** Limits of a file's metadata, in bytes of UTF-8 (docs/contract.md#files-metadata-limits). */
const MAX_PAIRS = 256;
const MAX_KEY_BYTES = 128;
const MAX_VALUE_BYTES = 10_240;
const MAX_TOTAL_BYTES = 10_240;

/**
 * Checks that these pairs are within the limits of a file's metadata.
 *
 * @param subject whose pairs they are, for the message
 * @throws KonturError `invalid-request`, which names the limit
 */
export function checkMetadata(metadata: Record<string, string>, subject = 'The metadata of a file'): void {
  const refusal = (reason: string) => new KonturError('invalid-request', `${subject} is over a limit: ${reason}.`);
  const count = Object.keys(metadata).length;
  if (count > MAX_PAIRS) throw refusal(`metadata has ${count} pairs, at most ${MAX_PAIRS} are allowed`);
  const pairs = Object.entries(metadata).map(([key, value]) => ({
    key,
    keyBytes: Buffer.byteLength(key),
    valueBytes: Buffer.byteLength(value),
  }));
  for (const { key, keyBytes, valueBytes } of pairs) {
    if (keyBytes > MAX_KEY_BYTES) {
      throw refusal(`the metadata key ${quote(key)} has ${keyBytes} bytes, at most ${MAX_KEY_BYTES} are allowed`);
    }
    if (valueBytes > MAX_VALUE_BYTES) {
      throw refusal(
        `the metadata value of ${quote(key)} has ${valueBytes} bytes, at most ${MAX_VALUE_BYTES} are allowed`,
      );
    }
  }
  const total = pairs.reduce((sum, { keyBytes, valueBytes }) => sum + keyBytes + valueBytes, 0);
  if (total > MAX_TOTAL_BYTES) {
    throw refusal(`metadata has ${total} bytes in keys and values together, at most ${MAX_TOTAL_BYTES} are allowed`);
  }
}

const quote = (key: string) => (key.length > 40 ? `"${key.slice(0, 40)}…"` : `"${key}"`);
