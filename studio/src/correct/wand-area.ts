import { magicWand } from '#geometry/magic-wand';
import type { MaskPolygon, Ring } from '#geometry/mask-polygon';
import { signedArea } from '#geometry/mask-polygon';
import { simplifyPolygon } from '#geometry/simplify-polygon';
import { pixelPoint } from '#geometry/spaces';
import { traceMask } from '#geometry/trace-mask';
import type { OriginalPart } from '../canvas/open-original.ts';
import type { PixelRect, Size } from '../canvas/viewport.ts';
import type { UnitPosition } from '../objects/photo-object.ts';

/** The photo as the canvas shows it: a copy, and where it is zoomed beyond that, a part in its own pixels. */
export interface ShownPictures {
  picture: ImageBitmap | undefined;
  original: OriginalPart | undefined;
}

/** Holes of fewer pixels are noise of the photo. */
const LEAST_HOLE = 12;
/** How far the line is from the pixels' edges at most, in pixels. */
const TOLERANCE = 0.75;
const VERTEX_PRICE = 0.25;

const known = new WeakMap<ImageBitmap, ImageData>();

/**
 * The area of about one colour that is connected with a position, in pixels of the photo, as far as it is in sight: by
 * the pixels that are shown. Holes of noise are filled, and the line does not follow each pixel's edge.
 *
 * @param tolerance largest difference in red, green and blue, 0..255
 * @returns nothing where no picture is there
 */
export function wandArea(
  position: UnitPosition,
  { picture, original }: ShownPictures,
  photo: Size,
  tolerance: number,
): MaskPolygon[] {
  const shown = finest(position, { picture, original }, photo);
  const pixels = shown && readPixels(shown.bitmap);
  if (shown === undefined || pixels === undefined) return [];
  const { part } = shown;
  const within = (value: number, length: number) => Math.min(Math.max(Math.floor(value), 0), length - 1);
  const [across, down] = [part.width / pixels.width, part.height / pixels.height];
  const seed = {
    x: within((position.x * photo.width - part.left) / across, pixels.width),
    y: within((position.y * photo.height - part.top) / down, pixels.height),
  };
  const mask = magicWand(pixels, seed, tolerance);
  const toPhoto = (ring: Ring): Ring => ring.map(({ x, y }) => pixelPoint(part.left + x * across, part.top + y * down));
  return traceMask(mask, pixels.width, pixels.height)
    .map(({ outer, holes }) => ({ outer, holes: holes.filter((hole) => -signedArea(hole) >= LEAST_HOLE) }))
    .map((area) => simplifyPolygon(area, { tolerancePx: TOLERANCE, vertexPrice: VERTEX_PRICE }))
    .map(({ outer, holes }) => ({ outer: toPhoto(outer), holes: holes.map(toPhoto) }));
}

/** Of what is shown at a position, that with the most pixels. */
function finest(
  { x, y }: UnitPosition,
  { picture, original }: ShownPictures,
  photo: Size,
): { bitmap: ImageBitmap; part: PixelRect } | undefined {
  const copy = picture && { bitmap: picture, part: { left: 0, top: 0, ...photo } };
  if (original === undefined) return copy;
  const { bitmap, part } = original;
  const [across, down] = [x * photo.width - part.left, y * photo.height - part.top];
  const isThere = across >= 0 && down >= 0 && across < part.width && down < part.height;
  const isFiner = copy === undefined || bitmap.width / part.width > copy.bitmap.width / photo.width;
  return isThere && isFiner ? original : copy;
}

function readPixels(bitmap: ImageBitmap): ImageData | undefined {
  const before = known.get(bitmap);
  if (before !== undefined) return before;
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d', { willReadFrequently: true });
  if (context === null) return undefined;
  context.drawImage(bitmap, 0, 0);
  const pixels = context.getImageData(0, 0, bitmap.width, bitmap.height);
  known.set(bitmap, pixels);
  return pixels;
}
