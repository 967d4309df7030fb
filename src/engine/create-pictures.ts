import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Prompt } from '#contract/vision/prompt';
import type { MaskPolygon } from '#geometry/mask-polygon';
import type { ImageSize } from '#geometry/spaces';
import type { OutputSegment } from '#outputs/output-format';
import { createChildProcess } from '../processes/child-process.ts';
import type { ChildLogger } from '../processes/start-child.ts';
import { createSemaphore } from '../runtime/semaphore.ts';
import { siblingModule } from '../runtime/sibling-module.ts';
import { createTemporaryFiles } from '../runtime/temporary-files.ts';
import type { ImageFile } from './image-file.ts';
import { HEADER_LIMIT_MS, readLimitMs } from './image-limits.ts';
import { createImageSizes } from './image-sizes.ts';
import type { PictureCalls, PictureSettings } from './picture-child.ts';

/**
 * Makes pictures from image files in a child process that starts with the first request; one request at a time.
 *
 * @throws KonturError each method throws the errors of imaging/open-image.ts, `busy`, and those of child-process.ts
 */
export interface Pictures {
  /** Size of the upright image in pixels, from its header alone. */
  measure(image: ImageFile, signal?: AbortSignal): Promise<ImageSize>;
  /** Makes a JPEG, at most `width` pixels wide (imaging/make-thumbnail.ts). */
  makeThumbnail(image: ImageFile, options: { width: number }, signal?: AbortSignal): Promise<Uint8Array>;
  /** Makes a PNG of the photo's size, transparent outside the parts, which are in its pixels (imaging/cut-out.ts). */
  cutOut(image: ImageFile, parts: readonly MaskPolygon[], signal?: AbortSignal): Promise<Readable>;
  /**
   * Makes a PNG of the photo, scaled to a handy size, with segments and prompt drawn over it
   * (imaging/draw-segments.ts).
   */
  draw(
    image: ImageFile,
    drawing: { segments: readonly Pick<OutputSegment, 'parts'>[]; prompt: Prompt },
    signal?: AbortSignal,
  ): Promise<Readable>;
  /** Ends the process and deletes temporary files. */
  close(): Promise<void>;
}

/** A cut-out of 100 million pixels takes six seconds on two free cores. */
const LIMIT_MS = 120_000;
/** Limit of waiting requests. */
const MAX_WAITING = 32;

/** Creates the maker of pictures; its process starts with the first request. */
export function createPictures({ maxPixels, logger }: { maxPixels: number; logger?: ChildLogger }): Pictures {
  const child = createChildProcess<PictureCalls, PictureSettings>({
    name: 'picture maker',
    entry: siblingModule('picture-child', import.meta.url),
    start: { maxPixels },
    limitMs: LIMIT_MS,
    endsAbandoned: true,
    logger,
  });
  const limit = createSemaphore({ running: 1, waiting: MAX_WAITING, what: 'pictures' });
  const ask: typeof child.ask = (kind, request, options) =>
    limit.run(() => child.ask(kind, request, options), options?.signal);
  const sizes = createImageSizes();
  const temporary = createTemporaryFiles('kontur-pictures');

  return {
    async measure({ path, contentHash }, signal) {
      const known = sizes.find(contentHash);
      if (known) return known;
      const size = await ask('measure', { path }, { signal, firstLimitMs: HEADER_LIMIT_MS });
      sizes.keep(contentHash, size);
      return size;
    },

    makeThumbnail: ({ path, contentHash }, { width }, signal) =>
      ask('thumbnail', { path, contentHash, width }, { signal, firstLimitMs: readLimitMs(maxPixels) }),

    cutOut: (image, parts, signal) =>
      temporary.during(async (outPath) => {
        const { path, contentHash } = image;
        await ask('cutOut', { path, contentHash, parts, outPath }, { signal });
        // Opened before its name is deleted, so that its reader may take any time and nothing remains afterwards.
        const file = await open(outPath);
        return createReadStream('', { fd: file });
      }),

    async draw({ path, contentHash }, drawing, signal) {
      const png = await ask(
        'draw',
        { path, contentHash, ...drawing },
        { signal, firstLimitMs: readLimitMs(maxPixels) },
      );
      return Readable.from([png], { objectMode: false });
    },

    async close() {
      await child.close();
      await temporary.close();
    },
  };
}
