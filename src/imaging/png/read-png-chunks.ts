import { readSync } from 'node:fs';

/** A chunk of a PNG as it lies in the file. */
export interface PngChunk {
  /** Four bytes, of letters where it is valid. */
  type: string;
  /** Bytes of data, as the chunk says; the file may end before. */
  length: number;
  /** Place of the data in the file. */
  dataStart: number;
}

/** The first eight bytes of every PNG. */
export const PNG_SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
/** Length and type before the data, checksum behind them. */
const BEFORE_DATA = 8;
const AFTER_DATA = 4;
const WINDOW_BYTES = 1 << 16;
/** More than files of any size have; a file of nothing but chunk headers is not walked to its end. */
export const MAX_CHUNKS = 100_000;

/** Walks the chunks of a PNG up to its end. Their data are skipped, and read only where a header lies close by. */
export function* readPngChunks(fd: number): Generator<PngChunk> {
  const window = Buffer.allocUnsafe(WINDOW_BYTES);
  let start = 0;
  let filled = 0;
  let at = PNG_SIGNATURE.length;
  for (let chunks = 0; chunks < MAX_CHUNKS; chunks++) {
    if (at < start || at + BEFORE_DATA > start + filled) {
      start = at;
      filled = readSync(fd, window, 0, WINDOW_BYTES, at);
      if (filled < BEFORE_DATA) return;
    }
    const length = window.readUInt32BE(at - start);
    const type = window.toString('latin1', at - start + 4, at - start + BEFORE_DATA);
    const dataStart = at + BEFORE_DATA;
    yield { type, length, dataStart };
    if (type === 'IEND') return;
    at = dataStart + length + AFTER_DATA;
  }
}

/** Data of a chunk, or as much of them as the file has and the caller wants. */
export function readChunkData(fd: number, { length, dataStart }: PngChunk, most = length): Buffer {
  const data = Buffer.alloc(Math.min(length, most));
  return data.subarray(0, readSync(fd, data, 0, data.length, dataStart));
}
