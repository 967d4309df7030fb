import { type InputSize, SQUARE } from './aspect-buckets.ts';
import type { Model } from './catalogue.ts';
import type { Precision } from './choose-precision.ts';
import { CUT_VERSION, canCut, cutDecoder } from './cut-decoder.ts';
import { createOnnxCodec } from './onnx-graph.ts';
import { prepareFile } from './prepare-file.ts';
import { DECODER_VERSION, rebuildDecoder } from './sam-decoder/rebuild-decoder.ts';
import { REBUILD_VERSION, rebuildEncoder } from './tinyvit/rebuild-encoder.ts';
import { readVerifiedModelFile } from './verify-model-file.ts';

// Graphs of a model as sessions open them: ONNX files in memory.

/**
 * MobileSAM's encoder rebuilt (tinyvit/rebuild-encoder.ts) for an input of the given size, from the cache folder or made there; any
 * other as it is, which takes the square only.
 */
export async function prepareEncoder(
  model: Model,
  cacheDir: string,
  precision: Precision,
  input: InputSize = SQUARE,
): Promise<Buffer> {
  if (model.flavour !== 'mobilesam') return readVerifiedModelFile(model.encoder);
  return prepareFile({
    source: model.encoder,
    name: `${model.id}-encoder-${precision}-${input.width}x${input.height}-v${REBUILD_VERSION}`,
    cacheDir,
    transform: (file) => rebuildEncoder(createOnnxCodec(), file, precision, input),
  });
}

/**
 * MobileSAM's decoder rebuilt (sam-decoder/rebuild-decoder.ts), another SAM's cut (cut-decoder.ts) where that can be done, from the
 * cache folder or made there; any other as it is.
 */
export async function prepareDecoder(model: Model, cacheDir: string): Promise<Buffer> {
  const { id, decoder } = model;
  const codec = createOnnxCodec();
  if (model.flavour === 'mobilesam') {
    const name = `${id}-decoder-v${DECODER_VERSION}`;
    return prepareFile({ source: decoder, name, cacheDir, transform: (file) => rebuildDecoder(codec, file) });
  }
  const file = await readVerifiedModelFile(decoder);
  if (model.flavour !== 'sam' || !canCut(codec, file)) return file;
  const name = `${id}-decoder-cut-v${CUT_VERSION}`;
  return prepareFile({ source: decoder, name, cacheDir, transform: (source) => cutDecoder(codec, source) });
}
