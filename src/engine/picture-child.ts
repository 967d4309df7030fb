import { setPriority } from 'node:os';
import type { Prompt } from '#contract/vision/prompt';
import type { MaskPolygon } from '#geometry/mask-polygon';
import type { ImageSize } from '#geometry/spaces';
import type { OutputSegment } from '#outputs/output-format';
import { cutOut } from '../imaging/cut-out.ts';
import { drawSegments } from '../imaging/draw-segments.ts';
import { makeThumbnail } from '../imaging/make-thumbnail.ts';
import { openImage } from '../imaging/open-image.ts';
import { createVerdicts } from '../imaging/verdicts.ts';
import { serveCalls } from '../processes/serve-calls.ts';

/** Settings of the process that makes pictures. */
export interface PictureSettings {
  /** Images with more pixels are refused before any pixel is decoded. */
  maxPixels: number;
}

/**
 * What the picture process can be asked. Image files are opened in it and never in the server: hostile bytes can only
 * harm this process.
 */
export interface PictureCalls {
  /** Size of the upright image, from its header alone. */
  measure: { request: { path: string }; answer: ImageSize };
  /** Makes a JPEG of at most that width in pixels (imaging/make-thumbnail.ts). */
  thumbnail: { request: { path: string; contentHash: string; width: number }; answer: Uint8Array };
  /** Writes a PNG that shows only the given parts to a file (imaging/cut-out.ts). */
  cutOut: {
    request: { path: string; contentHash: string; parts: readonly MaskPolygon[]; outPath: string };
    answer: undefined;
  };
  /**
   * Makes a PNG of the photo, scaled to a handy size, with segments and prompt drawn over it
   * (imaging/draw-segments.ts).
   */
  draw: {
    request: {
      path: string;
      contentHash: string;
      segments: readonly Pick<OutputSegment, 'parts'>[];
      prompt: Prompt;
    };
    answer: Uint8Array;
  };
}

/** Lower priority than the engine: pictures are less urgent than segments. */
const LOW_PRIORITY = 10;

serveCalls<PictureCalls, PictureSettings>(async ({ maxPixels }) => {
  setPriority(LOW_PRIORITY);
  const verdictOf = createVerdicts();
  const limitsOf = (contentHash: string) => ({ maxPixels, checkOnce: verdictOf(contentHash) });
  return {
    async measure({ path }) {
      const { imageWidth, imageHeight } = await openImage(path, { maxPixels });
      return { imageWidth, imageHeight };
    },
    draw: ({ path, contentHash, segments, prompt }) => drawSegments(path, { segments, prompt }, limitsOf(contentHash)),
    thumbnail: ({ path, contentHash, width }) => makeThumbnail(path, { width }, limitsOf(contentHash)),
    async cutOut({ path, contentHash, parts, outPath }) {
      await cutOut(path, { parts, outPath }, limitsOf(contentHash));
    },
  };
});
