import type { Model } from './catalogue.ts';
import type { Precision } from './choose-precision.ts';
import { ENCODER_VERSION } from './prepared-graphs.ts';

/**
 * Names everything that an embedding depends on besides the image: model, preprocessing, encoder graph and its
 * precision, the execution provider, and whether the size of the input follows from the image's shape
 * (aspect-buckets.ts). Embeddings of the same variant are interchangeable. Consists of letters, digits, `_`, `-` and
 * `.`, so that it can be a file name.
 */
export function embeddingVariant(
  { id, encoder, preprocessing }: Model,
  { precision, provider, hasBuckets }: { precision: Precision; provider: string; hasBuckets: boolean },
): string {
  const graph = `${encoder.sha256.slice(0, 16)}-v${ENCODER_VERSION}${hasBuckets ? '-buckets' : ''}`;
  return `${id.replaceAll(/[^\w.-]/g, '_')}-p${preprocessing.version}-${graph}-${precision}-${provider}`;
}
