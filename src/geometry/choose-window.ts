import type { Prompt } from '#contract/vision/prompt';
import type { ImageWindow } from './image-window.ts';
import { type ImageSize, MODEL_SIDE } from './spaces.ts';

/**
 * Photos with a shorter longer side are segmented whole, though smaller ones would gain too: in frames of a film every
 * object would need an encoder run of its image.
 */
const SMALLEST_PHOTO = 2 * MODEL_SIDE;
/** Side of the smallest windows in pixels; each next size is twice as long. */
const SMALLEST_WINDOW = 320;
/** Largest window, as a share of the photo's longer side (docs/decisions/0023-windows-in-large-photos.md). */
const LARGEST_SHARE = 1 / 3;
/** Least room around the box on each side where the photo continues, as a share of the box's longer side. */
const ROOM_SHARE = 1 / 4;

/** Whether a photo is large enough to be segmented by windows. */
export const isLargePhoto = ({ imageWidth, imageHeight }: ImageSize) =>
  Math.max(imageWidth, imageHeight) >= SMALLEST_PHOTO;

/**
 * Chooses the part of a large photo to segment, at its own resolution, instead of the whole photo; undefined if that is
 * to be segmented whole. The window follows from the box: it is the smallest that holds the box with room around it and
 * all points, and among windows of that size the one with the most room. Windows start at multiples of half their side,
 * so that prompts near one another share one. They are squares, cut off where the photo is narrower. The gain:
 * docs/decisions/0023-windows-in-large-photos.md.
 */
export function chooseWindow({ boundingBox: box, points = [] }: Prompt, size: ImageSize): ImageWindow | undefined {
  const { imageWidth, imageHeight } = size;
  if (box === undefined) return undefined;

  const columns: Extent = {
    low: box.xMin * imageWidth,
    high: box.xMax * imageWidth,
    points: points.map(({ x }) => x * imageWidth),
    length: imageWidth,
  };
  const rows: Extent = {
    low: box.yMin * imageHeight,
    high: box.yMax * imageHeight,
    points: points.map(({ y }) => y * imageHeight),
    length: imageHeight,
  };
  const room = ROOM_SHARE * Math.max(columns.high - columns.low, rows.high - rows.low);
  for (const side of windowSides(size)) {
    const left = placeSpan(columns, side, room);
    const top = placeSpan(rows, side, room);
    if (left === undefined || top === undefined) continue;
    return { left, top, width: Math.min(side, imageWidth), height: Math.min(side, imageHeight) };
  }
  return undefined;
}

/** Whether a window is one of those that `chooseWindow` chooses among in a photo of this size. */
export function isWindowOf({ left, top, width, height }: ImageWindow, size: ImageSize): boolean {
  const { imageWidth, imageHeight } = size;
  return windowSides(size).some((side) => {
    const fits = width === Math.min(side, imageWidth) && height === Math.min(side, imageHeight);
    return fits && spanStarts(side, imageWidth).includes(left) && spanStarts(side, imageHeight).includes(top);
  });
}

/** A box along one axis, the points that come with it, and the length of the photo, in pixels. */
interface Extent {
  low: number;
  high: number;
  points: number[];
  length: number;
}

/** Start of the span that holds box and points with the most room around the box; undefined if none leaves enough. */
function placeSpan({ low, high, points, length }: Extent, side: number, room: number): number | undefined {
  let best: { start: number; room: number } | undefined;
  for (const start of spanStarts(side, length)) {
    const end = start + side;
    const roomBefore = start === 0 ? Number.POSITIVE_INFINITY : low - start;
    const roomAfter = end >= length ? Number.POSITIVE_INFINITY : end - high;
    const span = { start, room: Math.min(roomBefore, roomAfter) };
    const holdsPoints = points.every((point) => start <= point && point <= end);
    if (holdsPoints && span.room >= room && span.room > (best?.room ?? 0)) best = span;
  }
  return best?.start;
}

/** Sides of the windows of a photo in pixels, the smallest first; none if the photo is segmented whole. */
function windowSides({ imageWidth, imageHeight }: ImageSize): number[] {
  if (!isLargePhoto({ imageWidth, imageHeight })) return [];
  const sides: number[] = [];
  const largest = LARGEST_SHARE * Math.max(imageWidth, imageHeight);
  for (let side = SMALLEST_WINDOW; side <= largest; side *= 2) sides.push(side);
  return sides;
}

/** Possible starts of a span: multiples of half a side that leave a whole span, and the last start that does. */
function spanStarts(side: number, length: number): number[] {
  const last = Math.max(0, length - side);
  const starts: number[] = [];
  for (let start = 0; start < last; start += side / 2) starts.push(start);
  return [...starts, last];
}
