import { createHash } from 'node:crypto';
import { type InputSize, SQUARE } from './aspect-buckets.ts';
import type { Model } from './catalogue.ts';
import type { Precision } from './choose-precision.ts';
import { GRAPH_PREPARATION } from './flavours/graph-preparation.ts';
import { describeOptimiser, optimiseGraph } from './graphs/optimise-graph.ts';
import { type Preparation, prepareFile, prepareStoredFile } from './prepare-file.ts';
import { CUT_VERSION, DECODER_VERSION, ENCODER_VERSION } from './prepared-graphs.ts';
import { readVerifiedModelFile } from './verify-model-file.ts';

// Graphs of a model in memory, ready for sessions to open: ONNX files or, if rebuilt and run on the processor, files in
// onnxruntime's own format.

/** Form of an encoder graph: precision, execution provider and input size. */
export interface EncoderForm {
  precision: Precision;
  /** Execution provider of onnxruntime. Default: `cpu`. */
  provider?: string;
  /** Default: the square. */
  input?: InputSize;
}

/**
 * Returns the encoder graph of a model. MobileSAM's is rebuilt (mobilesam/tinyvit/rebuild-encoder.ts) for an input of
 * the given size and kept in the cache folder; any other is used as it is and takes the square only.
 */
export async function prepareEncoder(
  { id, flavour, encoder }: Model,
  cacheDir: string,
  { precision, provider, input = SQUARE }: EncoderForm,
): Promise<Buffer> {
  if (GRAPH_PREPARATION[flavour].encoder === 'as exported') return readVerifiedModelFile(encoder);
  return prepareRebuilt(provider, {
    source: encoder,
    name: `${id}-encoder-${precision}-${input.width}x${input.height}-v${ENCODER_VERSION}`,
    cacheDir,
    transform: async (file) => {
      const { rebuildEncoder } = await import('./mobilesam/tinyvit/rebuild-encoder.ts');
      return rebuildEncoder(await loadCodec(), file, precision, input);
    },
  });
}

/**
 * Returns the decoder graph of a model. MobileSAM's is rebuilt (mobilesam/decoder/rebuild-decoder.ts) and other SAM
 * decoders are cut where possible (cut-decoder.ts), both kept in the cache folder; any other is used as it is.
 *
 * @param provider execution provider of onnxruntime
 */
export async function prepareDecoder(
  { id, flavour, decoder }: Model,
  cacheDir: string,
  provider?: string,
): Promise<Buffer> {
  const preparation = GRAPH_PREPARATION[flavour].decoder;
  if (preparation === 'rebuilt') return prepareRebuilt(provider, rebuiltDecoder({ id, decoder }, cacheDir));
  const file = await readVerifiedModelFile(decoder);
  if (preparation !== 'cut') return file;
  const [codec, { canCut, cutDecoder }] = await Promise.all([loadCodec(), import('./cut-decoder.ts')]);
  if (!canCut(codec, file)) return file;
  return prepareFile({
    source: decoder,
    name: `${id}-decoder-cut-v${CUT_VERSION}`,
    extension: 'onnx',
    cacheDir,
    transform: async (source) => cutDecoder(codec, source),
  });
}

/** A decoder graph as an ONNX file that any build of onnxruntime runs, on any processor. */
export interface PortableDecoder {
  path: string;
  /** SHA-256 of the content, hexadecimal. */
  sha256: string;
  bytes: number;
}

/**
 * Stores the rebuilt decoder of a model in the cache folder, as it is before it is optimised for this processor: the
 * content is the same on every machine. Undefined for a model whose decoder is not rebuilt.
 */
export async function preparePortableDecoder(
  { id, flavour, decoder }: Model,
  cacheDir: string,
): Promise<PortableDecoder | undefined> {
  if (GRAPH_PREPARATION[flavour].decoder !== 'rebuilt') return undefined;
  const { path, content } = await prepareStoredFile({
    ...rebuiltDecoder({ id, decoder }, cacheDir),
    extension: 'onnx',
  });
  return { path, sha256: createHash('sha256').update(content).digest('hex'), bytes: content.length };
}

const rebuiltDecoder = ({ id, decoder }: Pick<Model, 'id' | 'decoder'>, cacheDir: string) => ({
  source: decoder,
  name: `${id}-decoder-v${DECODER_VERSION}`,
  cacheDir,
  transform: async (file: Buffer) => {
    const { rebuildDecoder } = await import('./mobilesam/decoder/rebuild-decoder.ts');
    return rebuildDecoder(await loadCodec(), file);
  },
});

/** Optimises a rebuilt graph if it runs on the processor; other providers do that themselves. */
async function prepareRebuilt(provider = 'cpu', rebuilt: Omit<Preparation, 'extension'>): Promise<Buffer> {
  if (provider !== 'cpu') return prepareFile({ ...rebuilt, extension: 'onnx' });
  return prepareFile({
    ...rebuilt,
    name: `${rebuilt.name}-${await describeOptimiser()}`,
    extension: 'ort',
    transform: async (file) => optimiseGraph(await rebuilt.transform(file)),
  });
}

const loadCodec = async () => (await import('./graphs/onnx-graph.ts')).createOnnxCodec();
