/** Zeros after the data of a segment, so that reading ahead of its end needs no check. */
const PADDING_BYTES = 256;

/** Entropy-coded data of a JPEG up to a marker, without the bytes that are stuffed into it. */
export interface BitSegment {
  bytes: Uint8Array;
  /** Bytes of data in `bytes`; what follows is zero. */
  length: number;
  /** Place in the file of the marker that ends it, or the file's length. */
  end: number;
}

/**
 * Copies the data from a place in the file to the next marker. `scratch` is the memory of the last segment, which is
 * used again where it is large enough.
 */
export function readSegment(file: Uint8Array, from: number, scratch?: Uint8Array): BitSegment {
  const end = findMarker(file, from);
  const needed = end - from + PADDING_BYTES;
  const bytes = scratch && scratch.length >= needed ? scratch : new Uint8Array(Math.max(needed, 1 << 14));
  let length = 0;
  for (let at = from; at < end; at++) {
    const byte = file[at]!;
    bytes[length++] = byte;
    if (byte !== 0xff) continue;
    // Fill bytes before a marker are no data; a stuffed zero is none either.
    if (file[at + 1] === 0) at++;
    else length--;
  }
  bytes.fill(0, length, length + PADDING_BYTES);
  return { bytes, length, end };
}

/** Place of the next marker that ends entropy-coded data: 0xff and then neither a stuffed zero nor a fill byte. */
export function findMarker(file: Uint8Array, from: number): number {
  for (let at = file.indexOf(0xff, from); at >= 0; at = file.indexOf(0xff, at + 1)) {
    const next = file[at + 1];
    if (next === undefined) break;
    if (next !== 0 && next !== 0xff) return at;
  }
  return file.length;
}
