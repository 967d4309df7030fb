import { type InputSize, SQUARE } from './aspect-buckets.ts';
import type { Model } from './catalogue.ts';
import type { Precision } from './choose-precision.ts';
import { CUT_VERSION, canCut, cutDecoder } from './cut-decoder.ts';
import { createOnnxCodec } from './onnx-graph.ts';
import { prepareFile } from './prepare-file.ts';
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

/** SAM's decoder cut (cut-decoder.ts) where that can be done, from the cache folder or made there; any other as it is. */
export async function prepareDecoder(model: Model, cacheDir: string): Promise<Buffer> {
  if (model.flavour === 'mobilesam') return prepareCut(model, cacheDir);
  const file = await readVerifiedModelFile(model.decoder);
  return model.flavour === 'sam' && canCut(createOnnxCodec(), file) ? prepareCut(model, cacheDir) : file;
}

const prepareCut = (model: Model, cacheDir: string): Promise<Buffer> =>
  prepareFile({
    source: model.decoder,
    name: `${model.id}-decoder-v${CUT_VERSION}`,
    cacheDir,
    transform: (file) => cutDecoder(createOnnxCodec(), file),
  });
