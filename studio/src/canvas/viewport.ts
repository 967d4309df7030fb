/** Size in CSS pixels of the canvas, or in pixels of the photo. */
export interface Size {
  width: number;
  height: number;
}

/** A position in CSS pixels from the top-left corner of the canvas. */
export interface ScreenPosition {
  left: number;
  top: number;
}

/** Which part of a photo the canvas shows. */
export interface Viewport {
  /** CSS pixels that a pixel of the photo takes. */
  scale: number;
  /** Where the photo's top-left corner is, in CSS pixels from that of the canvas. */
  left: number;
  top: number;
}

/** Free room around a photo that is fitted into the canvas, in CSS pixels. */
const MARGIN = 16;
/** Largest number of CSS pixels that a pixel of the photo takes. */
const MOST_SCALE = 32;

/** Shows all of the photo, centred; small photos are not enlarged beyond four times. */
export function fitViewport(photo: Size, canvas: Size): Viewport {
  const room = { width: Math.max(canvas.width - 2 * MARGIN, 1), height: Math.max(canvas.height - 2 * MARGIN, 1) };
  const scale = Math.min(room.width / photo.width, room.height / photo.height, 4);
  return centre({ scale, left: 0, top: 0 }, photo, canvas);
}

function centre({ scale }: Viewport, photo: Size, canvas: Size): Viewport {
  return { scale, left: (canvas.width - photo.width * scale) / 2, top: (canvas.height - photo.height * scale) / 2 };
}

/** Zooms by a factor so that what is at a position of the canvas stays there. */
export function zoomAt(viewport: Viewport, at: ScreenPosition, factor: number, photo: Size, canvas: Size): Viewport {
  const least = Math.min(fitViewport(photo, canvas).scale / 2, 1);
  const scale = Math.min(Math.max(viewport.scale * factor, least), MOST_SCALE);
  const ratio = scale / viewport.scale;
  const moved = {
    scale,
    left: at.left - (at.left - viewport.left) * ratio,
    top: at.top - (at.top - viewport.top) * ratio,
  };
  return keepInSight(moved, photo, canvas);
}

/** Moves the photo by CSS pixels. */
export const panBy = (viewport: Viewport, by: ScreenPosition, photo: Size, canvas: Size): Viewport =>
  keepInSight({ ...viewport, left: viewport.left + by.left, top: viewport.top + by.top }, photo, canvas);

/** Keeps some of the photo on the canvas. */
function keepInSight(viewport: Viewport, photo: Size, canvas: Size): Viewport {
  const least = 48;
  const { scale } = viewport;
  return {
    scale,
    left: Math.min(Math.max(viewport.left, least - photo.width * scale), canvas.width - least),
    top: Math.min(Math.max(viewport.top, least - photo.height * scale), canvas.height - least),
  };
}

/** Position on the photo, in fractions of it, of a position on the canvas; undefined outside the photo. */
export function toUnit(viewport: Viewport, at: ScreenPosition, photo: Size): { x: number; y: number } | undefined {
  const x = (at.left - viewport.left) / viewport.scale / photo.width;
  const y = (at.top - viewport.top) / viewport.scale / photo.height;
  return x < 0 || y < 0 || x > 1 || y > 1 ? undefined : { x, y };
}

/** Position on the photo, in fractions of it, moved to its border if it lies outside. */
export function toNearestUnit(viewport: Viewport, at: ScreenPosition, photo: Size): { x: number; y: number } {
  const limit = (value: number) => Math.min(Math.max(value, 0), 1);
  return {
    x: limit((at.left - viewport.left) / viewport.scale / photo.width),
    y: limit((at.top - viewport.top) / viewport.scale / photo.height),
  };
}

/** Position on the canvas of a position on the photo. */
export const toScreen = (viewport: Viewport, { x, y }: { x: number; y: number }, photo: Size): ScreenPosition => ({
  left: viewport.left + x * photo.width * viewport.scale,
  top: viewport.top + y * photo.height * viewport.scale,
});
