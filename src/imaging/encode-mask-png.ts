import { pipeline, Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { crc32, createDeflate } from 'node:zlib';
import type { MaskPolygon } from '#geometry/mask-polygon';
import { maskScanlines } from '#geometry/mask-scanlines';
import type { ImageSize } from '#geometry/spaces';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const BITS = 8;
const GREYSCALE = 0;
/** Approximate size in bytes of the pieces in which rows go to the compressor. */
const PIECE_BYTES = 1 << 16;
/** The data are runs of one value, which the fastest level compresses as well as any. */
const COMPRESSION_LEVEL = 1;

/** Options of a mask PNG: whether pixels outside the mask are black or transparent, for laying it over a photo. */
export interface MaskPngOptions {
  transparentOutside?: boolean;
}

/**
 * Encodes a mask as a PNG at the size of the upright image, 8-bit greyscale: 255 inside, 0 outside; the pixels of
 * `rasterise`. Written row by row, so that memory does not grow with the height of the image. Source: PNG, third
 * edition.
 */
export function encodeMaskPng(
  parts: readonly MaskPolygon[],
  { imageWidth, imageHeight }: ImageSize,
  { transparentOutside = false }: MaskPngOptions = {},
): Readable {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(imageWidth, 0);
  header.writeUInt32BE(imageHeight, 4);
  header.writeUInt8(BITS, 8);
  header.writeUInt8(GREYSCALE, 9);
  const rows = Readable.from(unhurried(maskScanlines(parts, imageWidth, imageHeight, PIECE_BYTES)), {
    objectMode: false,
  });
  const deflate = createDeflate({ level: COMPRESSION_LEVEL });
  // An error of either stream surfaces where the pieces are read.
  pipeline(rows, deflate, () => {});

  async function* file(): AsyncGenerator<Buffer> {
    yield SIGNATURE;
    yield chunk('IHDR', header);
    if (transparentOutside) yield chunk('tRNS', Buffer.from([0, 0]));
    for await (const data of deflate) yield chunk('IDAT', data);
    yield chunk('IEND', Buffer.alloc(0));
  }
  return Readable.from(file(), { objectMode: false });
}

/** Lets other work of the process go first before each piece. */
async function* unhurried(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    await setImmediate();
    yield piece;
  }
}

function chunk(type: string, data: Buffer): Buffer {
  const bytes = Buffer.alloc(data.length + 12);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  data.copy(bytes, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), bytes.length - 4);
  return bytes;
}
