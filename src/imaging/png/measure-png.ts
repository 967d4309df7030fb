import { readSync } from 'node:fs';
import { crc32, createInflate } from 'node:zlib';
import type { PngDescription } from './describe-png.ts';
import { type PngChunk, readPngChunks } from './read-png-chunks.ts';

/** First column and row of each pass of an interlaced PNG, and the steps between them. Source: PNG, section 8.1. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;
const PIECE_BYTES = 1 << 18;

/**
 * Measures which share of the pixels of a PNG is missing, from 0 to 1, by unpacking its data and counting them. Data
 * behind a place where they were changed do not count; a wrong checksum of the right data does not matter.
 */
export async function measurePng(fd: number, image: PngDescription): Promise<number> {
  const needed = bytesOf(image);
  const chunks = [...readPngChunks(fd)].filter(({ type }) => type === 'IDAT');
  const all = await unpack(fd, chunks, needed);
  if (all.bytes >= needed && (all.ended || all.intactChunks === chunks.length)) return 0;
  const isIntact = all.intactChunks === chunks.length;
  const { bytes } = isIntact ? all : await unpack(fd, chunks.slice(0, all.intactChunks), needed);
  return Math.min(1, Math.max(1 - bytes / needed, 1 / (image.width * image.height)));
}

/** Bytes of all rows, with the type of filter before each. */
function bytesOf({ width, height, bitsPerPixel, isInterlaced }: PngDescription): number {
  const rows = (across: number, down: number) =>
    across <= 0 || down <= 0 ? 0 : down * (1 + Math.ceil((across * bitsPerPixel) / 8));
  if (!isInterlaced) return rows(width, height);
  return PASSES.reduce(
    (sum, [x, y, stepX, stepY]) => sum + rows(Math.ceil((width - x) / stepX), Math.ceil((height - y) / stepY)),
    0,
  );
}

interface Unpacked {
  bytes: number;
  /** Whether the data came to their end with the right checksum. */
  ended: boolean;
  /** Chunks from the first on that are there in full, with the right checksum. */
  intactChunks: number;
}

/** Unpacks the data of chunks and counts what comes, up to as much as is needed. */
async function unpack(fd: number, chunks: readonly PngChunk[], needed: number): Promise<Unpacked> {
  const inflate = createInflate();
  const found = { bytes: 0, ended: false, intactChunks: 0 };
  let isOver = false;
  inflate.on('data', (data: Buffer) => {
    found.bytes += data.length;
    // What comes beyond is a bomb, or of no account.
    if (found.bytes > needed) isOver = true;
  });
  const finished = new Promise<void>((resolve) => {
    inflate.on('end', () => {
      found.ended = true;
      resolve();
    });
    inflate.on('error', () => resolve());
    inflate.on('close', () => resolve());
  });
  void finished.then(() => {
    isOver = true;
  });
  let isIntact = true;
  for (const chunk of chunks) {
    isIntact = (await feed(fd, chunk, inflate, () => isOver)) && isIntact;
    if (isIntact) found.intactChunks++;
    if (isOver) break;
  }
  if (isIntact && isOver) found.intactChunks = chunks.length;
  if (!inflate.destroyed && !isOver) inflate.end();
  else inflate.destroy();
  await finished;
  return found;
}

/** Hands the data of a chunk on. Returns whether all of them are there, with the right checksum. */
async function feed(
  fd: number,
  { type, length, dataStart }: PngChunk,
  inflate: ReturnType<typeof createInflate>,
  isOver: () => boolean,
): Promise<boolean> {
  let checksum = crc32(type);
  for (let done = 0; done < length; ) {
    if (isOver()) return true;
    const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, length - done));
    const read = readSync(fd, piece, 0, piece.length, dataStart + done);
    if (read > 0 && !inflate.write(piece.subarray(0, read))) {
      await takesMore(inflate);
    }
    if (read < piece.length) return false;
    checksum = crc32(piece, checksum);
    done += read;
  }
  const stored = Buffer.alloc(4);
  return readSync(fd, stored, 0, 4, dataStart + length) === 4 && stored.readUInt32BE() === checksum;
}

/** Resolves when the stream takes more data, or nothing more at all. */
function takesMore(inflate: ReturnType<typeof createInflate>): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      inflate.off('drain', done).off('close', done);
      resolve();
    };
    inflate.on('drain', done).on('close', done);
  });
}
