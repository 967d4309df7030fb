import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWholeFile } from '../runtime/write-whole-file.ts';
import type { ModelFile } from './catalogue.ts';
import { readVerifiedModelFile } from './verify-model-file.ts';

/** How a file is prepared, and what its result depends on. */
export interface Preparation {
  source: ModelFile;
  /** Name of what is prepared, with the version of its preparation and everything else that it depends on. */
  name: string;
  /** Ending of the file's name. */
  extension: 'onnx' | 'ort';
  cacheDir: string;
  transform: (file: Buffer) => Promise<Uint8Array>;
}

/**
 * Returns a prepared file from the cache folder or, on a cache miss, prepares it from the verified source and stores it
 * there.
 *
 * A prepared file carries the hashes of its source and of its own content in its name: a file that was cut short or
 * changed is not used but prepared again. If several processes prepare the same file at once, the first by name stays.
 */
export async function prepareFile({ source, name, extension, cacheDir, transform }: Preparation): Promise<Buffer> {
  const prefix = `${name}-${source.sha256.slice(0, 16)}-`;
  const nameOf = (content: Buffer) => `${prefix}${contentHash(content)}.${extension}`;
  const readIntact = async (fileName: string) => {
    // Another process may just have deleted it.
    const content = await readAtOnce(join(cacheDir, fileName)).catch(() => undefined);
    return content && fileName === nameOf(content) ? content : undefined;
  };
  const cached = await takeFirst(cacheDir, prefix, readIntact);
  if (cached) return cached;

  await mkdir(cacheDir, { recursive: true, mode: 0o700 });
  const content = Buffer.from(await transform(await readVerifiedModelFile(source)));
  const own = nameOf(content);
  // No fsync: a file damaged by a power cut is detected by its hash.
  await writeWholeFile(join(cacheDir, own), (draft) => writeFile(draft, content, { mode: 0o600 }));
  const first = await takeFirst(cacheDir, prefix, async (name) => (name === own ? content : readIntact(name)));
  return first ?? content;
}

const contentHash = (content: Buffer) => createHash('sha256').update(content).digest('hex').slice(0, 32);

/** Returns the content of the first intact file with the given prefix, and deletes all others. */
async function takeFirst(
  cacheDir: string,
  prefix: string,
  readIntact: (fileName: string) => Promise<Buffer | undefined>,
): Promise<Buffer | undefined> {
  let intact: Buffer | undefined;
  // The folder may not exist yet.
  const entries = await readdir(cacheDir).catch(() => []);
  for (const entry of entries.filter((name) => name.startsWith(prefix)).sort()) {
    const content = intact ? undefined : await readIntact(entry);
    if (content) intact = content;
    else await rm(join(cacheDir, entry), { force: true });
  }
  return intact;
}

/** Reads a whole file in one call off this thread; `readFile` reads it in many small pieces. */
async function readAtOnce(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const content = Buffer.allocUnsafeSlow(size);
    const { bytesRead } = await file.read(content, 0, size, 0);
    return content.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
