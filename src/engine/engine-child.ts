import { readFile } from 'node:fs/promises';
import type { ModelFrame } from '#geometry/spaces';
import { serveRequests } from '../processes/serve-requests.ts';
import { type DecodeAnswer, type DecodeRequest, type DecoderStart, openDecoder } from './decoder.ts';
import type { EncodedImage } from './encoded-image.ts';
import { type EncoderStart, openEncoder } from './encoder.ts';

export interface EngineStart {
  encoder: EncoderStart;
  decoder: DecoderStart;
}

/** Images are opened elsewhere. What is decoded is kept first, by the name that it was encoded as. */
export type EngineRequest =
  /** `pixels` is a file of the image as it is laid into its frame. */
  { encode: { name: string; frame: ModelFrame; pixels: string } } | { decoder: DecodeRequest };

/** `bytes`, the size of the embedding, answers `encode`. */
export interface EngineAnswer extends DecodeAnswer {
  bytes?: number;
}

serveRequests(async (start: EngineStart) => {
  let encoded: { name: string; image: EncodedImage } | undefined;
  const readImage = (name: string) => (encoded?.name === name ? encoded.image : undefined);
  // The first image is opened meanwhile.
  const [encoder, decode] = await Promise.all([openEncoder(start.encoder), openDecoder(start.decoder, readImage)]);

  return async (request: EngineRequest): Promise<EngineAnswer> => {
    if ('encode' in request) {
      const { name, frame, pixels } = request.encode;
      const image = await encoder.encode(frame, () => readFile(pixels));
      encoded = { name, image };
      return { bytes: Object.values(image.embedding).reduce((bytes, { data }) => bytes + data.byteLength, 0) };
    }
    return decode(request.decoder);
  };
});
