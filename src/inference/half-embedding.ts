import type { Embedding } from '../models/flavours/graph-flavour.ts';
import { createHalfFloatReader, toHalfFloats } from './half-float.ts';

/** A tensor in half precision: values in row-major order, and its shape. */
export interface HalfTensor {
  data: Uint16Array;
  dims: readonly number[];
}

/** An embedding as it is sent and kept: half its size, one tensor or several by the names of the decoder's inputs. */
export type HalfEmbedding = Record<string, HalfTensor>;

/** Rounds every value to half precision. */
export function toHalfEmbedding(embedding: Embedding): HalfEmbedding {
  const tensors = Object.entries(embedding).map(([name, { data, dims }]) => [name, { data: toHalfFloats(data), dims }]);
  return Object.fromEntries(tensors);
}

/** Returns a function that widens an embedding again, exactly. */
export function createEmbeddingReader(): (embedding: HalfEmbedding) => Embedding {
  const widen = createHalfFloatReader();
  return (embedding) => {
    const tensors = Object.entries(embedding).map(([name, { data, dims }]) => [name, { data: widen(data), dims }]);
    return Object.fromEntries(tensors);
  };
}

/** Memory that an embedding takes. */
export const embeddingBytes = (embedding: HalfEmbedding): number =>
  Object.values(embedding).reduce((bytes, { data }) => bytes + data.byteLength, 0);
