import { setPriority } from 'node:os';
import type { Prompt } from '#contract/vision/prompt';
import type { MaskPolygon } from '#geometry/mask-polygon';
import type { ImageSize } from '#geometry/spaces';
import type { OutputSegment } from '#outputs/output-format';
import { cutOut } from '../imaging/cut-out.ts';
import { drawSegments } from '../imaging/draw-segments.ts';
import { makeThumbnail } from '../imaging/make-thumbnail.ts';
import { openImage } from '../imaging/open-image.ts';
import { serveRequests } from '../processes/serve-requests.ts';

export interface PictureStart {
  /** Images with more pixels are refused before any pixel is decoded. */
  maxPixels: number;
}

/** The image file is opened here and never in the server: if its bytes do harm, they harm this process. */
export type PictureRequest = { path: string } & (
  | { kind: 'measure' }
  | { kind: 'thumbnail'; width: number }
  | { kind: 'cut-out'; parts: readonly MaskPolygon[]; outPath: string }
  | { kind: 'draw'; segments: readonly Pick<OutputSegment, 'parts'>[]; prompt: Prompt }
);

/** `size` answers `measure`, `jpeg` a thumbnail, `png` a drawing; a cut-out is in the file that was asked for. */
export interface PictureAnswer {
  size?: ImageSize;
  jpeg?: Uint8Array;
  png?: Uint8Array;
}

/** Behind the engine in the queue for the processor: nobody waits for a picture as for a segment. */
const LOW_PRIORITY = 10;

serveRequests(async ({ maxPixels }: PictureStart) => {
  setPriority(LOW_PRIORITY);
  return async (request: PictureRequest): Promise<PictureAnswer> => {
    switch (request.kind) {
      case 'measure': {
        const { imageWidth, imageHeight } = await openImage(request.path, { maxPixels });
        return { size: { imageWidth, imageHeight } };
      }
      case 'thumbnail':
        return { jpeg: await makeThumbnail(request.path, request, { maxPixels }) };
      case 'draw':
        return { png: await drawSegments(request.path, request, { maxPixels }) };
      case 'cut-out':
        await cutOut(request.path, request, { maxPixels });
        return {};
    }
  };
});
