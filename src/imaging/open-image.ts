import { open } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Sharp, default as SharpModule, SharpOptions } from 'sharp';
import { KonturError } from '#contract/errors';
import type { ImageWindow } from '#geometry/image-window';
import type { ImageSize } from '#geometry/spaces';
import { isAnimatedPng } from './is-animated-png.ts';
import { HEAD_BYTES, sniffFormat } from './sniff-format.ts';
import { storedWindow } from './stored-window.ts';

/** As a CommonJS module, because its ES modules take longer to load (docs/decisions/0038-load-less-at-start.md). */
const sharp: typeof SharpModule = createRequire(import.meta.url)('sharp');

/** Greatest ratio of the sides; beyond it the model sees a strip too thin to recognise anything in. */
const MAX_ELONGATION = 20;
/** Threads of the decoder. Each holds lines of the whole width; two keep the memory of large images low. */
const DECODE_THREADS = 2;
/** Colour behind transparent pixels: the page that most viewers draw behind them. */
const BEHIND_TRANSPARENCY = '#ffffff';

/** An image whose header has been read and accepted, but none of its pixels. Sizes are those of the upright image. */
export interface OpenImage extends ImageSize {
  /**
   * Decodes the image scaled to the given size in pixels: upright, sRGB, 8 bits a channel, transparency over white. It
   * is read line by line and turned upright after scaling, so that memory hardly grows with the image. Pass the result
   * to `readPixels` to get the errors of damaged files.
   *
   * @param window the part of the upright image to scale, by default all of it; the file is not read beyond it
   */
  scaledTo(width: number, height: number, window?: ImageWindow): Sharp;
}

/**
 * Opens a JPEG or PNG file and checks everything that its header says.
 *
 * @throws KonturError `image-animated`, `image-truncated`, `image-too-large`, `image-too-elongated`; the errors of
 * `sniffFormat`
 */
export async function openImage(path: string, { maxPixels }: { maxPixels: number }): Promise<OpenImage> {
  await checkContent(path);
  sharp.cache(false);
  sharp.concurrency(DECODE_THREADS);
  // 'error' fails on missing and damaged data, but not on oddities that every viewer ignores.
  const options: SharpOptions = { failOn: 'error', limitInputPixels: false, sequentialRead: true };
  const { autoOrient, orientation } = await readPixels(sharp(path, options).metadata());
  const size = { imageWidth: autoOrient.width, imageHeight: autoOrient.height };
  checkSize(autoOrient.width, autoOrient.height, maxPixels);
  return {
    ...size,
    scaledTo: (width, height, window) => {
      const image = sharp(path, { ...options, limitInputPixels: maxPixels });
      // Extracted before it is turned upright, which would hold all pixels in memory.
      const part = window ? image.extract(storedWindow(window, size, orientation)) : image;
      return part
        .autoOrient()
        .resize(width, height, { fit: 'fill', kernel: 'linear' })
        .flatten({ background: BEHIND_TRANSPARENCY })
        .toColourspace('srgb');
    },
  };
}

/**
 * Awaits what the decoder reads, and replaces its errors by those of the file.
 *
 * @throws KonturError `image-truncated`, `image-not-recognised`
 */
export async function readPixels<Result>(reading: Promise<Result>): Promise<Result> {
  try {
    return await reading;
  } catch (cause) {
    if (cause instanceof Error && /unsupported/i.test(cause.message)) {
      throw new KonturError(
        'image-not-recognised',
        'The image uses a rare variant of its format that cannot be read here. Save it as an ordinary JPEG or PNG.',
        { cause },
      );
    }
    throw new KonturError(
      'image-truncated',
      'The image ends too early or is damaged, so it cannot be read in full. Upload the complete file again.',
      { cause },
    );
  }
}

async function checkContent(path: string): Promise<void> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(HEAD_BYTES), position: 0 });
    const format = sniffFormat(buffer.subarray(0, bytesRead));
    if (format === 'png' && (await isAnimatedPng(file))) {
      throw new KonturError('image-animated', 'The PNG is animated. Upload a single frame of it as a still image.');
    }
  } finally {
    await file.close();
  }
}

function checkSize(width: number, height: number, maxPixels: number): void {
  const size = `The image is ${width} x ${height} pixels`;
  if (width * height > maxPixels) {
    const accepted = maxPixels.toLocaleString('en');
    throw new KonturError(
      'image-too-large',
      `${size}, more than the ${accepted} that are accepted. Scale it down first.`,
    );
  }
  if (Math.max(width, height) > MAX_ELONGATION * Math.min(width, height)) {
    throw new KonturError(
      'image-too-elongated',
      `${size}, more than ${MAX_ELONGATION} times as long as it is wide. Cut it into shorter pieces.`,
    );
  }
}
