import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import { PNG_SIGNATURE, type PngChunk, readChunkData, readPngChunks } from './read-png-chunks.ts';

/** What a decoder needs of a PNG. Comments, dates, previews and animations it does not. */
const NEEDED = ['IHDR', 'PLTE', 'tRNS', 'eXIf', 'IDAT'];
const COLOUR = ['iCCP', 'sRGB'];
const MOST_BYTES_BESIDE_PIXELS = 1 << 20;
const PIECE_BYTES = 1 << 20;

/**
 * What a plain PNG says of its colours: as the original does, nothing, or a profile: the data of an iCCP chunk.
 */
export type PlainColours = 'kept' | 'none' | { iccp: Buffer };

/**
 * Writes the pixels of a PNG into a new file, with only those chunks that they need and checksums that fit the data.
 * Nothing is decoded.
 */
export function writePlainPng(fd: number, to: string, colours: PlainColours): void {
  const out = openSync(to, 'wx', 0o600);
  try {
    writeSync(out, PNG_SIGNATURE);
    for (const chunk of plainChunks(fd, colours)) {
      if (Buffer.isBuffer(chunk)) writeSync(out, chunk);
      else copyChunk(fd, chunk, out);
    }
  } finally {
    closeSync(out);
  }
}

/** A PNG of the same header without pixels, for what a decoder reads in the header alone. */
export function plainHeader(fd: number): Buffer {
  const parts: Buffer[] = [PNG_SIGNATURE];
  for (const chunk of plainChunks(fd, 'kept')) {
    if (Buffer.isBuffer(chunk)) parts.push(chunk);
    else if (chunk.type !== 'IDAT') parts.push(writeChunk(chunk.type, readChunkData(fd, chunk)));
    else break;
  }
  parts.push(writeChunk('IDAT', deflateSync(Buffer.alloc(0))), writeChunk('IEND', Buffer.alloc(0)));
  return Buffer.concat(parts);
}

/** Data of an iCCP chunk with that profile. */
export const packProfile = (profile: Buffer): Buffer =>
  Buffer.concat([Buffer.from('kontur\0\0', 'latin1'), deflateSync(profile)]);

/** Chunks of the original, and new ones. Of those other than the pixels only the first of a type counts. */
function* plainChunks(fd: number, colours: PlainColours): Generator<PngChunk | Buffer> {
  const types = colours === 'kept' ? [...NEEDED, ...COLOUR] : NEEDED;
  const seen = new Set<string>();
  for (const chunk of readPngChunks(fd)) {
    const { type, length } = chunk;
    if (!types.includes(type) || (type !== 'IDAT' && seen.has(type))) continue;
    if (type !== 'IDAT' && (length > MOST_BYTES_BESIDE_PIXELS || seen.has('IDAT'))) continue;
    seen.add(type);
    yield chunk;
    if (type === 'IHDR' && typeof colours === 'object') yield writeChunk('iCCP', colours.iccp);
  }
  yield writeChunk('IEND', Buffer.alloc(0));
}

function writeChunk(type: string, data: Buffer): Buffer {
  const bytes = Buffer.alloc(data.length + 12);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  data.copy(bytes, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), bytes.length - 4);
  return bytes;
}

/** Copies a chunk piece by piece; where the file ends before, the chunk ends there. */
function copyChunk(fd: number, { type, length, dataStart }: PngChunk, out: number): void {
  const head = Buffer.alloc(8);
  head.write(type, 4, 'latin1');
  let checksum = crc32(type);
  const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, length));
  head.writeUInt32BE(length, 0);
  writeSync(out, head);
  for (let done = 0; done < length; ) {
    const read = readSync(fd, piece, 0, Math.min(piece.length, length - done), dataStart + done);
    if (read === 0) return;
    const data = piece.subarray(0, read);
    writeSync(out, data);
    checksum = crc32(data, checksum);
    done += read;
  }
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(checksum);
  writeSync(out, tail);
}
