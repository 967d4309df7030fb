import { open } from 'node:fs/promises';
import type { Sharp } from 'sharp';
import { KonturError } from '#contract/errors';
import type { ImageWindow } from '#geometry/image-window';
import type { ImageSize } from '#geometry/spaces';
import type { ImageContent } from './image-content.ts';
import { openJpeg } from './open-jpeg.ts';
import { openPng } from './open-png.ts';
import { loadSharp } from './sharp.ts';
import { HEAD_BYTES, sniffFormat } from './sniff-format.ts';
import { storedWindow } from './stored-window.ts';
import type { CheckOnce } from './verdicts.ts';

/** Greatest ratio of the sides; beyond it the model sees a strip too thin to recognise anything in. */
const MAX_ELONGATION = 20;
/** Memory that may be held to read an image, for each pixel that is accepted. */
const HELD_BYTES_PER_PIXEL = 4;
/** Colour behind transparent pixels: the page that most viewers draw behind them. */
const BEHIND_TRANSPARENCY = '#ffffff';
/** One pixel of so many in a row and column that is opaque is still seen where that many become one. */
const SEEN_STEP = 8;

/** What is accepted of images. */
export interface ImageLimits {
  maxPixels: number;
  /** Remembers whether every pixel of this content is there (verdicts.ts). Default: it is checked at each read. */
  checkOnce?: CheckOnce;
}

/** An image whose header has been read and accepted, but none of its pixels. Sizes are those of the upright image. */
export interface OpenImage extends ImageSize {
  /**
   * Decodes the image scaled to the given size in pixels: upright, sRGB, 8 bits a channel, transparency over white. It
   * is read line by line and turned upright after scaling, so that memory hardly grows with the image.
   *
   * @param size.window the part of the upright image to scale, by default all of it; the file is not read beyond it
   * @param use takes the pixels out of the picture; what it returns is the answer
   * @throws KonturError `image-truncated` wherever pixels of the image are missing, in the window or not;
   * `image-transparent`, `image-not-recognised`
   */
  read<Result>(
    size: { width: number; height: number; window?: ImageWindow },
    use: (picture: Sharp) => Promise<Result>,
  ): Promise<Result>;
}

/**
 * Opens a JPEG or PNG file and checks everything that its header says, which bounds what reading it costs.
 *
 * @throws KonturError `image-animated`, `image-truncated`, `image-too-large`, `image-too-elongated`,
 * `image-too-complex`; the errors of `sniffFormat`
 */
export async function openImage(path: string, limits: ImageLimits): Promise<OpenImage> {
  const { maxPixels, checkOnce = (check) => check() } = limits;
  const format = sniffFormat(await readHead(path));
  const content = format === 'png' ? await openPng(path) : await openJpeg(path, limits);
  const stored = { imageWidth: content.width, imageHeight: content.height };
  checkSize(stored, maxPixels);
  const orientation = await readOrientation(content);
  const isTurned = orientation >= 5;
  const size = isTurned ? { imageWidth: stored.imageHeight, imageHeight: stored.imageWidth } : stored;
  checkMemory(content, { isTurned: orientation > 1, maxPixels });
  return {
    ...size,
    async read({ width, height, window }, use) {
      const readFrom = (source: string | Buffer) => {
        const image = loadSharp()(source, { failOn: 'none', limitInputPixels: maxPixels, sequentialRead: true });
        // Extracted before it is turned upright, which would hold all pixels in memory.
        const part = window ? image.extract(storedWindow(window, size, orientation)) : image;
        return use(
          part
            .autoOrient()
            .resize(width, height, { fit: 'fill', kernel: 'linear' })
            .flatten({ background: BEHIND_TRANSPARENCY })
            .toColourspace('srgb'),
        );
      };
      // In another thread than what checks the content.
      const reading = content.withSource(readFrom);
      const check = async () => {
        await content.check();
        if (!content.hasAlpha) return;
        // Not at the same time: each may hold the whole image.
        await Promise.allSettled([reading]);
        if (await isTransparent(content)) throw hasNothingToSee();
      };
      const [read, checked] = await Promise.allSettled([reading, checkOnce(check)]);
      if (checked.status === 'rejected') throw toImageError(checked.reason);
      if (read.status === 'fulfilled') return read.value;
      return content.withSource(readFrom, true).catch((error) => {
        throw toImageError(error);
      });
    },
  };
}

/** How the stored pixels are turned upright, as EXIF says it: 1 to 8. */
async function readOrientation({ header }: ImageContent): Promise<number> {
  try {
    const { orientation = 1 } = await loadSharp()(header, { failOn: 'none', limitInputPixels: false }).metadata();
    return orientation;
  } catch (error) {
    throw toImageError(error);
  }
}

/** Whether no pixel is to be seen. */
async function isTransparent({ width, height, withSource }: ImageContent): Promise<boolean> {
  const side = (length: number) => Math.ceil(length / SEEN_STEP);
  const alpha = await withSource((source) =>
    loadSharp()(source, { failOn: 'none', limitInputPixels: false, sequentialRead: true })
      .ensureAlpha()
      .extractChannel('alpha')
      .resize(side(width), side(height), { fit: 'fill', kernel: 'linear' })
      .raw()
      .toBuffer(),
  ).catch(() => undefined);
  return alpha?.every((value) => value === 0) ?? false;
}

const hasNothingToSee = () =>
  new KonturError(
    'image-transparent',
    'Every pixel of the image is transparent, so there is nothing to see in it. Save it with a background, or without transparency.',
  );

/** The error of an image that the decoder cannot read, unless it is one already. */
function toImageError(error: unknown): unknown {
  if (error instanceof KonturError || !(error instanceof Error)) return error;
  if ('syscall' in error) return error;
  if (/unsupported/i.test(error.message)) {
    return new KonturError(
      'image-not-recognised',
      'The image uses a rare variant of its format that cannot be read here. Save it as an ordinary JPEG or PNG.',
      { cause: error },
    );
  }
  return new KonturError(
    'image-truncated',
    'The image ends too early or is damaged, so it cannot be read in full. Upload the complete file again.',
    { cause: error },
  );
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(HEAD_BYTES), position: 0 });
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Refuses images that are held in memory as a whole, because of their format or to be turned, and are too large. */
function checkMemory(
  { width, height, heldBytes, bytesPerPixel, traits }: ImageContent,
  { isTurned, maxPixels }: { isTurned: boolean; maxPixels: number },
): void {
  const bytes = heldBytes + (isTurned ? width * height * bytesPerPixel : 0);
  if (bytes <= HELD_BYTES_PER_PIXEL * maxPixels) return;
  const all = isTurned ? [...traits, { name: 'turned by its EXIF orientation', remedy: 'upright' }] : traits;
  const inMegabytes = (count: number) => Math.round(count / 1e6).toLocaleString('en');
  throw new KonturError(
    'image-too-complex',
    `The image is ${width} x ${height} pixels, ${all.map(({ name }) => name).join(' and ')}: reading it would take ` +
      `${inMegabytes(bytes)} MB of memory, and ${inMegabytes(HELD_BYTES_PER_PIXEL * maxPixels)} MB are allowed. ` +
      `Save it ${all.map(({ remedy }) => remedy).join(' or ')}.`,
  );
}

function checkSize({ imageWidth: width, imageHeight: height }: ImageSize, maxPixels: number): void {
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
