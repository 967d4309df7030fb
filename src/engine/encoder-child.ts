import { setPriority } from 'node:os';
import type { ImageWindow } from '#geometry/image-window';
import type { ImageSize } from '#geometry/spaces';
import { openModelImage } from '../imaging/load-model-image.ts';
import { openImage } from '../imaging/open-image.ts';
import { serveRequests } from '../processes/serve-requests.ts';
import { writeImage } from './encoded-image.ts';
import { type EncoderStart, openEncoder } from './encoder.ts';

export interface EncoderChildStart extends EncoderStart {
  /** Images with more pixels are refused before any pixel is decoded. */
  maxPixels: number;
}

/** The image file is opened here and nowhere else in a server: if its bytes do harm, they harm this process. */
export type EncoderRequest = { path: string } & (
  | { kind: 'measure' }
  /** The whole image, or only a part of it. What comes of it is written to the file `to` (encoded-image.ts). */
  | { kind: 'encode'; window?: ImageWindow; to: string }
);

/** `size` answers `measure`; `bytes`, the length of the file that was written, answers `encode`. */
export interface EncoderAnswer {
  size?: ImageSize;
  bytes?: number;
}

/**
 * Steps behind the decoder in the queue for the processor: a prompt on a known image is answered while another one is encoded, and
 * encoding alone loses nothing (docs/decisions/0030-encoder-priority.md).
 */
const LOW_PRIORITY = 5;

serveRequests(async ({ maxPixels, ...start }: EncoderChildStart) => {
  setPriority(LOW_PRIORITY);
  const encoder = await openEncoder(start);
  await encoder.prepare();
  const { fit } = start.model.preprocessing;

  return async (request: EncoderRequest): Promise<EncoderAnswer> => {
    if (request.kind === 'measure') {
      const { imageWidth, imageHeight } = await openImage(request.path, { maxPixels });
      return { size: { imageWidth, imageHeight } };
    }
    const { frame, read } = await openModelImage(request.path, { maxPixels }, { fit, window: request.window });
    return { bytes: writeImage(request.to, await encoder.encode(frame, read)) };
  };
});
