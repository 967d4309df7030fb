import { setPriority } from 'node:os';
import type { ImageWindow } from '#geometry/image-window';
import type { ImageSize } from '#geometry/spaces';
import { openModelImage } from '../imaging/load-model-image.ts';
import { openImage } from '../imaging/open-image.ts';
import { createVerdicts } from '../imaging/verdicts.ts';
import { limitNextPart, serveCalls } from '../processes/serve-calls.ts';
import { writeImage } from './encoded-image.ts';
import { openEncoder } from './encoder.ts';
import type { EngineSettings } from './engine-settings.ts';
import { readLimitMs } from './image-limits.ts';

/**
 * What the encoder process can be asked. In a server only this process opens image files for the encoder: hostile bytes
 * can only harm this process.
 */
export interface EncoderCalls {
  /** Size of the upright image, from its header alone. */
  measure: { request: { path: string }; answer: ImageSize };
  /**
   * Encodes the image, or a window of it in pixels, and writes the result to the file `to` (encoded-image.ts); answers
   * its length.
   */
  encode: {
    request: { path: string; contentHash: string; window?: ImageWindow; to: string };
    answer: { bytes: number };
  };
}

/**
 * Lower priority than the decoder: a prompt on a known image is answered while another image is encoded, and encoding
 * alone loses nothing (docs/decisions/0030-encoder-priority.md).
 */
const LOW_PRIORITY = 5;

/** Most work on opening the graph, and on running it. */
const GRAPH_LIMIT_MS = 30_000;

serveCalls<EncoderCalls, EngineSettings>(async (settings) => {
  setPriority(LOW_PRIORITY);
  const encoder = await openEncoder(settings);
  await encoder.prepare();
  const { maxPixels, model } = settings;
  const verdictOf = createVerdicts();

  return {
    async measure({ path }) {
      const { imageWidth, imageHeight } = await openImage(path, { maxPixels });
      return { imageWidth, imageHeight };
    },
    async encode({ path, contentHash, window, to }) {
      const limits = { maxPixels, checkOnce: verdictOf(contentHash) };
      const { frame, read } = await openModelImage(path, limits, { fit: model.preprocessing.fit, window });
      let isRead = false;
      // The graph may have to be prepared, which takes long on slow machines and has nothing to do with the image.
      limitNextPart(GRAPH_LIMIT_MS);
      const encoded = await encoder.encode(
        frame,
        async () => {
          const rgb = await read();
          isRead = true;
          limitNextPart(GRAPH_LIMIT_MS);
          return rgb;
        },
        // All of a photo may have to be read for a window of it.
        () => isRead || limitNextPart(readLimitMs(window ? maxPixels : frame.imageWidth * frame.imageHeight)),
      );
      return { bytes: writeImage(to, encoded) };
    },
  };
});
