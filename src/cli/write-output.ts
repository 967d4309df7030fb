import { createWriteStream, openSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { OutPath } from './check-out.ts';

/**
 * Writes to the file, or to standard output if there is none.
 *
 * @param umask the caller's file mode creation mask, which decides who may read a new file
 */
export async function writeOutput(
  content: Readable | Buffer | string,
  out: OutPath | undefined,
  umask: number,
): Promise<void> {
  const source = content instanceof Readable ? content : Readable.from([content], { objectMode: false });
  if (out !== undefined) return pipeline(source, createWriteStream('', { fd: openWithUmask(out, umask) }));
  await pipeline(source, process.stdout, { end: false });
}

function openWithUmask(file: OutPath, umask: number): number {
  const own = process.umask(umask);
  try {
    return openSync(file, 'w');
  } finally {
    process.umask(own);
  }
}
