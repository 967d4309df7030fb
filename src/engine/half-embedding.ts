import type { Embedding } from '../models/flavours/graph-flavour.ts';
import type { HalfTensor } from '../models/open-session.ts';
import { createHalfFloatReader, toHalfFloats } from './half-float.ts';

/** An embedding as it is sent and stored: in half precision, with one tensor per input of the decoder, by name. */
export type HalfEmbedding = Record<string, HalfTensor>;

/** Converts an embedding to half precision; tensors that are already in it are not changed. */
export function toHalfEmbedding(embedding: Embedding): HalfEmbedding {
  const tensors = Object.entries(embedding).map(([name, { data, dims }]) => [
    name,
    { data: data instanceof Float32Array ? toHalfFloats(data) : data, dims },
  ]);
  return Object.fromEntries(tensors);
}

/**
 * Returns a function that converts an embedding to what a decoder takes.
 *
 * @param halfInputs inputs of the decoder that are in half precision; values of other inputs are widened, exactly
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

/** Memory of an embedding in bytes. */
export const embeddingBytes = (embedding: HalfEmbedding): number =>
  Object.values(embedding).reduce((bytes, { data }) => bytes + data.byteLength, 0);
