import type { Embedding } from '../models/flavours/graph-flavour.ts';
import type { HalfTensor } from '../models/open-session.ts';
import { createHalfFloatReader, toHalfFloats } from './half-float.ts';

/** An embedding as it is sent and kept: half its size, one tensor or several by the names of the decoder's inputs. */
export type HalfEmbedding = Record<string, HalfTensor>;

/** Rounds every value to half precision that is not yet. */
export function toHalfEmbedding(embedding: Embedding): HalfEmbedding {
  const tensors = Object.entries(embedding).map(([name, { data, dims }]) => [
    name,
    { data: data instanceof Float32Array ? toHalfFloats(data) : data, dims },
  ]);
  return Object.fromEntries(tensors);
}

/**
 * Returns a function that gives a decoder an embedding as it takes it.
 *
 * @param halfInputs inputs of the decoder that are in half precision; for others values are widened, exactly
 */
export function createEmbeddingReader(halfInputs: ReadonlySet<string>): (embedding: HalfEmbedding) => Embedding {
  const widen = createHalfFloatReader();
  return (embedding) => {
    const tensors = Object.entries(embedding).map(([name, { data, dims }]) => [
      name,
      { data: halfInputs.has(name) ? data : widen(data), dims },
    ]);
    return Object.fromEntries(tensors);
  };
}

/** Memory that an embedding takes. */
export const embeddingBytes = (embedding: HalfEmbedding): number =>
  Object.values(embedding).reduce((bytes, { data }) => bytes + data.byteLength, 0);
