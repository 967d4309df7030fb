import type { ModelFrame } from '#geometry/spaces';
import { SQUARE } from '../models/aspect-buckets.ts';
import { choosePrecision } from '../models/choose-precision.ts';
import { findFlavour } from '../models/flavours/find-flavour.ts';
import type { EncodedImage } from './encoded-image.ts';
import { createEncoderSessions } from './encoder-sessions.ts';
import type { EngineSettings } from './engine-settings.ts';
import { toHalfEmbedding } from './half-embedding.ts';
import { normaliseImage } from './normalise-image.ts';

/** The encoder of a model. It blocks the thread while it computes. */
export interface Encoder {
  /**
   * Prepares for the most common image size before the first image comes.
   *
   * @throws the error that keeps the encoder from running
   */
  prepare(): Promise<void>;
  /**
   * Encodes an image; one at a time.
   *
   * @param read returns the RGB pixels of the image, scaled to the frame; called while the graph is opened
   * @param onOpened called when the graph is open, which may be before or after the pixels have been read
   * @throws what `read` throws
   */
  encode(frame: ModelFrame, read: () => Promise<Uint8Array>, onOpened?: () => void): Promise<EncodedImage>;
}

/**
 * Opens the encoder of a model.
 *
 * @throws KonturError `unavailable` for a precision that is not available
 */
export async function openEncoder(settings: EngineSettings): Promise<Encoder> {
  const { model } = settings;
  const flavour = findFlavour(model.flavour);
  const precision = await choosePrecision({ ...settings, flavour: model.flavour });
  const sessions = createEncoderSessions(settings, precision);
  const memory = new Float32Array(3 * SQUARE.width * SQUARE.height);
  return {
    prepare: sessions.prepare,
    encode: async (frame, read, onOpened) => {
      const size = sessions.sizeFor(frame);
      const reading = read();
      const opening = sessions.open(size);
      opening.then(onOpened, () => {});
      const [rgb, session] = await both(reading, opening);
      const planes = normaliseImage({ rgb, ...frame }, model.preprocessing, size, memory);
      return { embedding: toHalfEmbedding(await flavour.encode(session, planes)), frame };
    },
  };
}

/** Waits for both promises even if one rejects, so that no work on this image overlaps the next one. */
async function both<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}
