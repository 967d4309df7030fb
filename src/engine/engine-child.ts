import { readFile } from 'node:fs/promises';
import type { ModelFrame } from '#geometry/spaces';
import { serveCalls } from '../processes/serve-calls.ts';
import { type DecoderCalls, openDecoder } from './decoder.ts';
import type { EncodedImage } from './encoded-image.ts';
import { openEncoder } from './encoder.ts';
import type { EngineSettings } from './engine-settings.ts';
import { embeddingBytes } from './half-embedding.ts';

/**
 * What a process with both encoder and decoder can be asked. Images are opened by the caller; embeddings are identified
 * by the name of their encode call.
 */
export interface EngineCalls extends DecoderCalls {
  /** `pixels` is a file of RGB values, scaled to the frame. Answers the length of the embedding in bytes. */
  encode: { request: { name: string; frame: ModelFrame; pixels: string }; answer: { bytes: number } };
}

serveCalls<EngineCalls, EngineSettings>(async (settings) => {
  let encoded: { name: string; image: EncodedImage } | undefined;
  const readImage = (name: string) => (encoded?.name === name ? encoded.image : undefined);
  // The first image is opened meanwhile.
  const [encoder, decoder] = await Promise.all([openEncoder(settings), openDecoder(settings, readImage)]);

  return {
    ...decoder,
    async encode({ name, frame, pixels }) {
      const image = await encoder.encode(frame, () => readFile(pixels));
      encoded = { name, image };
      return { bytes: embeddingBytes(image.embedding) };
    },
  };
});
