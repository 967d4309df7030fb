import { deserialize, serialize } from 'node:v8';
import type { ModelFrame } from '../geometry/spaces.ts';
import type { HalfEmbedding } from './half-embedding.ts';

/** An image as the encoder leaves it. */
export interface EncodedImage {
  frame: ModelFrame;
  embedding: HalfEmbedding;
}

/** As it is written to files, which go from the encoder to the decoder and into the store. */
export const packImage = (image: EncodedImage): Uint8Array => serialize(image);

/** Undefined for what a later version of Node packed. */
export function unpackImage(content: Uint8Array): EncodedImage | undefined {
  try {
    return deserialize(content) as EncodedImage;
  } catch {
    return undefined;
  }
}
