import { loadSharp } from './sharp.ts';

const MOST_VALUE = 0xffff;
/** Greatest share of the 16-bit range that counts as narrow: cameras of 14 bits use a quarter. */
const NARROW = 0.27;
/** Share of the pixels at either end that may lie beyond the range: dead and hot pixels. */
const OUTLIERS = 0.0005;
/** Number of pixels examined; larger images are scaled down to them. */
const SEEN_PIXELS = 4_000_000;

/** The lowest and the highest value of what an image shows. */
export interface SampleRange {
  low: number;
  high: number;
}

/** Options of the image library for files that are checked elsewhere. */
const UNCHECKED = { failOn: 'none', limitInputPixels: false, sequentialRead: true } as const;

/**
 * Finds the range of values that a 16-bit image uses, where that is a narrow part of what 16 bits can hold, as cameras
 * of 10, 12 or 14 bits and thermal ones write it.
 *
 * @returns undefined where the image uses more than that, or a single value
 */
export async function findUsedRange(
  path: string,
  { width, height, isGrey }: { width: number; height: number; isGrey: boolean },
): Promise<SampleRange | undefined> {
  const scale = Math.min(1, Math.sqrt(SEEN_PIXELS / (width * height)));
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  const values = await loadSharp()(path, UNCHECKED)
    .resize(side(width), side(height), { fit: 'fill', kernel: 'linear' })
    .removeAlpha()
    .toColourspace(isGrey ? 'grey16' : 'rgb16')
    .raw({ depth: 'ushort' })
    .toBuffer();
  const samples = new Uint16Array(values.buffer, values.byteOffset, values.length / 2);
  const counts = new Uint32Array(MOST_VALUE + 1);
  for (const sample of samples) counts[sample]!++;
  const allowed = samples.length * OUTLIERS;
  const low = firstBeyond(counts, allowed, 0, 1);
  const high = firstBeyond(counts, allowed, MOST_VALUE, -1);
  return high > low && high - low < NARROW * MOST_VALUE ? { low, high } : undefined;
}

function firstBeyond(counts: Uint32Array, allowed: number, from: number, step: 1 | -1): number {
  let seen = 0;
  for (let value = from; ; value += step) {
    seen += counts[value]!;
    if (seen > allowed) return value;
  }
}

/** How values are encoded that 8 bits of light itself would make too coarse where it is dark. */
export const ENCODING_GAMMA = 2.2;

/**
 * Writes a 16-bit image as a PNG of 8 bits: with the given range stretched to all of them, and colours in sRGB.
 *
 * @param options.isEncoded values are raised to 1 / ENCODING_GAMMA
 * @param options.hasProfile whether colours have a profile, which is applied
 */
export async function writeNarrowed(
  from: string,
  to: string,
  {
    range,
    isGrey,
    isEncoded,
    hasProfile,
  }: { range?: SampleRange; isGrey: boolean; isEncoded: boolean; hasProfile: boolean },
): Promise<void> {
  const image = loadSharp()(from, UNCHECKED);
  if (range) {
    const factor = MOST_VALUE / (range.high - range.low);
    image.linear(factor, -range.low * factor);
  }
  if (isEncoded) image.gamma(1, ENCODING_GAMMA);
  // Profiles of 16 bits are applied in full only on the way to another one, which values that were stretched do not go.
  const isConverted = !isGrey && hasProfile && !range;
  await (isConverted ? image.withIccProfile('srgb') : image.toColourspace(isGrey ? 'b-w' : 'srgb'))
    .keepExif()
    .png({ compressionLevel: 1 })
    .toFile(to);
}
