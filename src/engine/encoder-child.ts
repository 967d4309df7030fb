import { setPriority } from 'node:os';
import type { ImageWindow } from '#geometry/image-window';
import type { ImageSize } from '#geometry/spaces';
import { openModelImage } from '../imaging/load-model-image.ts';
import { openImage } from '../imaging/open-image.ts';
import { serveCalls } from '../processes/serve-calls.ts';
import { writeImage } from './encoded-image.ts';
import { openEncoder } from './encoder.ts';
import type { EngineSettings } from './engine-settings.ts';

/** The image file is opened here and nowhere else in a server: if its bytes do harm, they harm this process. */
export interface EncoderCalls {
  /** Size of the upright image, from its header alone. */
  measure: { request: { path: string }; answer: ImageSize };
  /**
   * Encodes the image, or only a part of it, and writes what comes of it to the file `to` (encoded-image.ts), whose length is the answer.
   */
  encode: { request: { path: string; window?: ImageWindow; to: string }; answer: { bytes: number } };
}

/**
 * Steps behind the decoder in the queue for the processor: a prompt on a known image is answered while another one is encoded, and
 * encoding alone loses nothing (docs/decisions/0030-encoder-priority.md).
 */
const LOW_PRIORITY = 5;

serveCalls<EncoderCalls, EngineSettings>(async (settings) => {
  setPriority(LOW_PRIORITY);
  const encoder = await openEncoder(settings);
  await encoder.prepare();
  const { maxPixels, model } = settings;

  return {
    async measure({ path }) {
      const { imageWidth, imageHeight } = await openImage(path, { maxPixels });
      return { imageWidth, imageHeight };
    },
    async encode({ path, window, to }) {
      const { frame, read } = await openModelImage(path, { maxPixels }, { fit: model.preprocessing.fit, window });
      return { bytes: writeImage(to, await encoder.encode(frame, read)) };
    },
  };
});
