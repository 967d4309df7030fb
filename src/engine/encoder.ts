import type { ModelFrame } from '#geometry/spaces';
import { SQUARE } from '../models/aspect-buckets.ts';
import { choosePrecision } from '../models/choose-precision.ts';
import { findFlavour } from '../models/flavours/find-flavour.ts';
import type { EncodedImage } from './encoded-image.ts';
import { createEncoderSessions } from './encoder-sessions.ts';
import type { EngineSettings } from './engine-settings.ts';
import { toHalfEmbedding } from './half-embedding.ts';
import { normaliseImage } from './normalise-image.ts';

/** The encoder of a model. It blocks the thread for as long as it computes. */
export interface Encoder {
  /**
   * Gets ready for what most images are before the first one comes.
   * @throws what keeps the encoder from running
   */
  prepare(): Promise<void>;
  /**
   * One image at a time.
   * @param read pixels of the image as they are laid into the frame; read while its graph is opened
   * @throws what `read` throws
   */
  encode(frame: ModelFrame, read: () => Promise<Uint8Array>): Promise<EncodedImage>;
}

/** @throws KonturError `unavailable` for a precision that cannot be had */
export async function openEncoder(settings: EngineSettings): Promise<Encoder> {
  const { model } = settings;
  const flavour = findFlavour(model.flavour);
  const precision = await choosePrecision({ ...settings, flavour: model.flavour });
  const sessions = createEncoderSessions(settings, precision);
  const memory = new Float32Array(3 * SQUARE.width * SQUARE.height);
  return {
    prepare: sessions.prepare,
    encode: async (frame, read) => {
      const size = sessions.sizeFor(frame);
      const [rgb, session] = await both(read(), sessions.open(size));
      const planes = normaliseImage({ rgb, ...frame }, model.preprocessing, size, memory);
      return { embedding: toHalfEmbedding(await flavour.encode(session, planes)), frame };
    },
  };
}

/** Both results. Throws only when both are done, so that nothing of this image is under way during the next. */
async function both<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}
