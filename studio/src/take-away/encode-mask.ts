import type { MaskPolygon } from '#geometry/mask-polygon';
import { maskScanlines } from '#geometry/mask-scanlines';
import type { ImageSize } from '#geometry/spaces';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const BITS = 8;
const GREYSCALE = 0;
/** Approximate size in bytes of the pieces in which rows go to the compressor. */
const PIECE_BYTES = 1 << 18;

/**
 * Encodes a mask as a PNG at the size of the upright image, 8-bit greyscale: 255 inside, 0 outside and in holes. A
 * canvas could only write it with colours, and holds the whole image. Source: PNG, third edition.
 */
export async function encodeMask(parts: readonly MaskPolygon[], { imageWidth, imageHeight }: ImageSize): Promise<Blob> {
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, imageWidth);
  header.setUint32(4, imageHeight);
  header.setUint8(8, BITS);
  header.setUint8(9, GREYSCALE);
  const rows = maskScanlines(parts, imageWidth, imageHeight, PIECE_BYTES);
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const { value, done } = rows.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
  const data = stream.pipeThrough(new CompressionStream('deflate'));
  const chunks = [SIGNATURE, chunk('IHDR', new Uint8Array(header.buffer))];
  for await (const piece of readAll(data)) chunks.push(chunk('IDAT', piece));
  chunks.push(chunk('IEND', new Uint8Array()));
  return new Blob(chunks, { type: 'image/png' });
}

async function* readAll(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
}

function chunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(bytes.length - 4, crc32(bytes.subarray(4, -4)));
  return bytes;
}

/** CRC-32 of PNG, section 5.5 and annex D. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0);
  return (crc ^ 0xffffffff) >>> 0;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});
