import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Model, ModelFile } from './catalogue.ts';
import type { Precision } from './choose-precision.ts';
import { CUT_VERSION, cutDecoder } from './cut-decoder.ts';
import { createOnnxCodec } from './onnx-graph.ts';
import { REBUILD_VERSION, rebuildEncoder } from './tinyvit/rebuild-encoder.ts';
import { readVerifiedModelFile } from './verify-model-file.ts';

// Graphs of a model as sessions open them: ONNX files in memory.

/** The rebuilt encoder (tinyvit/rebuild-encoder.ts), from the cache folder or made there. */
export function prepareEncoder(model: Model, cacheDir: string, precision: Precision): Promise<Buffer> {
  return prepare({
    source: model.encoder,
    name: `${model.id}-encoder-${precision}-v${REBUILD_VERSION}`,
    cacheDir,
    transform: (file) => rebuildEncoder(createOnnxCodec(), file, precision),
  });
}

/** The cut decoder (cut-decoder.ts), from the cache folder or made there. */
export function prepareDecoder(model: Model, cacheDir: string): Promise<Buffer> {
  return prepare({
    source: model.decoder,
    name: `${model.id}-decoder-v${CUT_VERSION}`,
    cacheDir,
    transform: (file) => cutDecoder(createOnnxCodec(), file),
  });
}

interface Preparation {
  source: ModelFile;
  /** Names the graph and the version of its preparation. */
  name: string;
  cacheDir: string;
  transform: (file: Buffer) => Uint8Array;
}

/**
 * Returns the prepared graph from the cache folder, or prepares it from the verified source and leaves it there.
 *
 * A prepared file carries the hash of its source and of its own content in its name: a file that was cut short or changed is
 * not taken but made again, and processes that prepare at the same moment move identical files to the same name.
 */
async function prepare({ source, name, cacheDir, transform }: Preparation): Promise<Buffer> {
  const prefix = `${name}-${source.sha256.slice(0, 16)}-`;
  await mkdir(cacheDir, { recursive: true });
  const cached = await findIntact(cacheDir, prefix);
  if (cached) return cached;

  const content = Buffer.from(transform(await readVerifiedModelFile(source)));
  const unfinished = join(cacheDir, `.${prefix}${randomUUID()}.part`);
  try {
    await writeFile(unfinished, content, { flush: true });
    await rename(unfinished, join(cacheDir, fileName(prefix, content)));
  } finally {
    await rm(unfinished, { force: true });
  }
  return content;
}

const fileName = (prefix: string, content: Buffer) =>
  `${prefix}${createHash('sha256').update(content).digest('hex').slice(0, 32)}.onnx`;

async function findIntact(cacheDir: string, prefix: string): Promise<Buffer | undefined> {
  for (const entry of await readdir(cacheDir)) {
    if (!entry.startsWith(prefix)) continue;
    // Another process may just have removed it.
    const content = await readFile(join(cacheDir, entry)).catch(() => undefined);
    if (content && entry === fileName(prefix, content)) return content;
    await rm(join(cacheDir, entry), { force: true });
  }
  return undefined;
}
