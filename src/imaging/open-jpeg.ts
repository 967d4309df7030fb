import { open } from 'node:fs/promises';
import { KonturError } from '#contract/errors';
import { describeShare } from './describe-share.ts';
import type { ImageContent } from './image-content.ts';
import { findMarker } from './jpeg/bit-segment.ts';
import { measureJpeg } from './jpeg/measure-jpeg.ts';
import { unitsOf } from './jpeg/measure-scan.ts';
import { type JpegFrame, readJpegMarkers } from './jpeg/read-jpeg-markers.ts';
import { loadSharp } from './sharp.ts';

/** Times that the samples of the largest accepted image may be gone through; usual progressive images have 8 to 14. */
const MOST_PASSES = 20;
/** Most metadata before the pixels, and most data of a pixel. What follows belongs to other pictures or to a video. */
const MOST_METADATA_BYTES = 1 << 25;
const MOST_BYTES_PER_PIXEL = 2;
/** Usual progressive images have 6 to 12. */
const MOST_SCANS = 1000;
const COEFFICIENT_BYTES = 2;
const BLOCK_SAMPLES = 64;

/**
 * Opens a JPEG: its file is read once, its header is checked, and what its scans would cost is known.
 *
 * @throws KonturError `image-truncated` for a file that ends before its size is known, `image-too-complex`,
 * `image-not-recognised` for variants that browsers do not show either
 */
export async function openJpeg(path: string, { maxPixels }: { maxPixels: number }): Promise<ImageContent> {
  const file = await readStart(path, MOST_METADATA_BYTES + MOST_BYTES_PER_PIXEL * maxPixels);
  const { frame, isMultiScan, samples } = readScans(file, MOST_PASSES * maxPixels);
  const held = frame.components.reduce((sum, each) => sum + each.across * each.down, 0);
  const blocks = frame.unitsAcross * frame.unitsDown * held;
  const name = frame.isProgressive ? 'progressive' : 'in several scans';
  // Larger images are refused for their size.
  const isInBounds = frame.width * frame.height <= maxPixels;
  if (isInBounds && samples > MOST_PASSES * maxPixels) throw tooManyScans();
  return {
    width: frame.width,
    height: frame.height,
    header: file,
    hasAlpha: false,
    heldBytes: file.length + (isMultiScan ? blocks * BLOCK_SAMPLES * COEFFICIENT_BYTES : 0),
    bytesPerPixel: frame.components.length,
    traits: isMultiScan ? [{ name, remedy: 'as a baseline JPEG' }] : [],
    withSource: (use) => use(file),
    check: async () => {
      const coverage = measureJpeg(file);
      if (!coverage) return checkByDecoding(file);
      const { missing, coarse } = coverage;
      if (missing > 0) throw isIncomplete(`${describeShare(missing)} of its pixels are missing`);
      if (coarse > 0) {
        throw isIncomplete(
          `${describeShare(coarse)} of its pixels are missing detail, which a progressive JPEG has last`,
        );
      }
    },
  };
}

async function readStart(path: string, most: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, most)), 0, Math.min(size, most), 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The frame header, and how many samples the scans go through, counted up to `most`. */
function readScans(file: Buffer, most: number): { frame: JpegFrame; isMultiScan: boolean; samples: number } {
  let samples = 0;
  let scans = 0;
  let isMultiScan = false;
  const { state } = readJpegMarkers(file, (scan, _, frame) => {
    isMultiScan ||= frame.isProgressive || scan.components.length < frame.components.length;
    if (!isMultiScan || frame.width * frame.height === 0) return undefined;
    const blocks =
      scan.components.length === 1 ? 1 : scan.components.reduce((sum, { component: c }) => sum + c.across * c.down, 0);
    samples += unitsOf(scan, frame) * blocks * BLOCK_SAMPLES;
    scans++;
    if (scans > MOST_SCANS) samples = Number.POSITIVE_INFINITY;
    if (samples > most) return undefined;
    return skipScan(file, scan.dataStart);
  });
  const { frame } = state;
  if (!frame) throw isIncomplete('100 % of its pixels are missing');
  if (frame.height === 0 || frame.width === 0) throw hasNoHeight();
  return { frame, isMultiScan, samples };
}

/** Place of the marker behind the data of a scan, past restart markers. */
function skipScan(file: Buffer, from: number): number {
  let at = findMarker(file, from);
  while (((file[at + 1] ?? 0) & 0xf8) === 0xd0) at = findMarker(file, at + 2);
  return at;
}

/** For kinds of data that are not counted: arithmetic coding, 12 bits, lossless. The decoder says what it misses. */
async function checkByDecoding(file: Buffer): Promise<void> {
  const sharp = loadSharp();
  await sharp(file, { failOn: 'error', limitInputPixels: false, sequentialRead: true })
    .resize(8, 8, { fit: 'fill' })
    .raw()
    .toBuffer();
}

const isIncomplete = (what: string) =>
  new KonturError('image-truncated', `The JPEG is incomplete: ${what}. Upload the complete file again.`);

const tooManyScans = () =>
  new KonturError(
    'image-too-complex',
    'The JPEG has so many scans that decoding it would take far more work than its pixels are worth. Save it as a ' +
      'baseline JPEG.',
  );

const hasNoHeight = () =>
  new KonturError(
    'image-not-recognised',
    'The JPEG does not say its height before its pixels (DNL): a rare variant that browsers do not show either. Save ' +
      'it as an ordinary JPEG.',
  );
