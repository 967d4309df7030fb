import type { FileHandle } from 'node:fs/promises';

const SIGNATURE_BYTES = 8;
/** Bytes of a chunk besides its data: length and type before it, checksum after it. */
const CHUNK_HEADER_BYTES = 8;
const CHUNK_OVERHEAD_BYTES = 12;
/** Most chunks that are searched; a real file has a handful before its pixels. */
const MAX_CHUNKS = 1000;

/**
 * Whether a PNG has an `acTL` chunk before its first pixels, which makes it an animation (PNG, third edition, section
 * 11.3.6.1). The data of chunks is skipped, not read.
 */
export async function isAnimatedPng(file: FileHandle): Promise<boolean> {
  const header = Buffer.alloc(CHUNK_HEADER_BYTES);
  let position = SIGNATURE_BYTES;
  for (let chunk = 0; chunk < MAX_CHUNKS; chunk++) {
    const { bytesRead } = await file.read(header, 0, CHUNK_HEADER_BYTES, position);
    if (bytesRead < CHUNK_HEADER_BYTES) return false;
    const type = header.toString('latin1', 4);
    if (type === 'acTL') return true;
    if (type === 'IDAT' || type === 'IEND') return false;
    position += header.readUInt32BE(0) + CHUNK_OVERHEAD_BYTES;
  }
  return false;
}
