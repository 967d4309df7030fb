import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import type { ModelFrame } from '../geometry/spaces.ts';
import type { HalfEmbedding } from './half-embedding.ts';

/** An image as the encoder leaves it. */
export interface EncodedImage {
  frame: ModelFrame;
  embedding: HalfEmbedding;
}

const CHECKSUM_BYTES = 4;

/** As it is written to files, which go from the encoder to the decoder and into the store: behind its CRC-32. */
export function packImage(image: EncodedImage): Uint8Array {
  const content = serialize(image);
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32LE(crc32(content));
  return Buffer.concat([checksum, content]);
}

/** Undefined for what is not as it was packed, and for what a later version of Node packed. */
export function unpackImage(packed: Buffer): EncodedImage | undefined {
  const content = packed.subarray(CHECKSUM_BYTES);
  if (packed.length < CHECKSUM_BYTES || packed.readUInt32LE() !== crc32(content)) return undefined;
  try {
    return deserialize(content) as EncodedImage;
  } catch {
    return undefined;
  }
}
