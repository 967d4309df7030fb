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
export const prepareFile = async (preparation: Preparation): Promise<Buffer> =>
  (await prepareStoredFile(preparation)).content;

/** Content of a prepared file, and the path where it is stored until somebody deletes the cache folder. */
export interface StoredFile {
  path: string;
  content: Buffer;
}

/** Prepares a file as `prepareFile` does, and says where it is stored. */
export async function prepareStoredFile(preparation: Preparation): Promise<StoredFile> {
  const { source, name, extension, cacheDir, transform } = preparation;
  const prefix = `${name}-${source.sha256.slice(0, 16)}-`;
  const nameOf = (content: Buffer) => `${prefix}${contentHash(content)}.${extension}`;
  const readIntact = async (fileName: string): Promise<StoredFile | undefined> => {
    const path = join(cacheDir, fileName);
    // Another process may just have deleted it.
    const content = await readAtOnce(path).catch(() => undefined);
    return content && fileName === nameOf(content) ? { path, content } : undefined;
  };
  const cached = await takeFirst(cacheDir, prefix, readIntact);
  if (cached) return cached;

  await mkdir(cacheDir, { recursive: true, mode: 0o700 });
  const content = Buffer.from(await transform(await readVerifiedModelFile(source)));
  const own = nameOf(content);
  // No fsync: a file damaged by a power cut is detected by its hash.
  const path = join(cacheDir, own);
  await writeWholeFile(path, (draft) => writeFile(draft, content, { mode: 0o600 }));
  const first = await takeFirst(cacheDir, prefix, async (name) =>
    name === own ? { path, content } : readIntact(name),
  );
  return first ?? { path, content };
}

const contentHash = (content: Buffer) => createHash('sha256').update(content).digest('hex').slice(0, 32);

/** Returns the first intact file with the given prefix, and deletes all others. */
async function takeFirst(
  cacheDir: string,
  prefix: string,
  readIntact: (fileName: string) => Promise<StoredFile | undefined>,
): Promise<StoredFile | undefined> {
  let intact: StoredFile | undefined;
  // The folder may not exist yet.
  const entries = await readdir(cacheDir).catch(() => []);
  for (const entry of entries.filter((name) => name.startsWith(prefix)).sort()) {
    const file = intact ? undefined : await readIntact(entry);
    if (file) intact = file;
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
