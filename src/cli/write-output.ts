import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Writes to the file, or to standard output without one. */
export async function writeOutput(content: Readable | Buffer | string, out: string | undefined): Promise<void> {
  const source = content instanceof Readable ? content : Readable.from([content], { objectMode: false });
  if (out !== undefined) return pipeline(source, createWriteStream(out));
  await pipeline(source, process.stdout, { end: false });
}
