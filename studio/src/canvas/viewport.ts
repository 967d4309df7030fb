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

/** A viewport that means the same on canvases of any size, so that it can be kept in an address. */
export interface View {
  /** CSS pixels that a pixel of the photo takes. */
  scale: number;
  /** Which position of the photo is in the middle of the canvas, in fractions of the photo. */
  x: number;
  y: number;
}

/** The view that a viewport shows. */
export const toView = ({ scale, left, top }: Viewport, photo: Size, canvas: Size): View => ({
  scale,
  x: (canvas.width / 2 - left) / scale / photo.width,
  y: (canvas.height / 2 - top) / scale / photo.height,
});

/** The viewport that shows a view, within the limits of zoom, with some of the photo in sight. */
export function toViewport(view: View, photo: Size, canvas: Size): Viewport {
  const scale = limitScale(view.scale, photo, canvas);
  const left = canvas.width / 2 - view.x * photo.width * scale;
  const top = canvas.height / 2 - view.y * photo.height * scale;
  return keepInSight({ scale, left, top }, photo, canvas);
}

const limitScale = (scale: number, photo: Size, canvas: Size): number => {
  const least = Math.min(fitViewport(photo, canvas).scale / 2, 1);
  return Math.min(Math.max(scale, least), MOST_SCALE);
};

/** Zooms by a factor so that what is at a position of the canvas stays there. */
export function zoomAt(viewport: Viewport, at: ScreenPosition, factor: number, photo: Size, canvas: Size): Viewport {
  const scale = limitScale(viewport.scale * factor, photo, canvas);
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

/** Moves the photo by as little as brings a position of it at least so many CSS pixels inside the canvas. */
export function showPosition(
  viewport: Viewport,
  position: { x: number; y: number },
  { photo, canvas, margin = 32 }: { photo: Size; canvas: Size; margin?: number },
): Viewport {
  const { left, top } = toScreen(viewport, position, photo);
  const into = (place: number, length: number) =>
    Math.min(Math.max(place, Math.min(margin, length / 2)), Math.max(length - margin, length / 2)) - place;
  return panBy(viewport, { left: into(left, canvas.width), top: into(top, canvas.height) }, photo, canvas);
}

/** A rectangle of the photo in its pixels. */
export interface PixelRect extends Size {
  left: number;
  top: number;
}

/**
 * The part of the photo that the canvas shows, in whole pixels of the photo; undefined if none of it is in sight.
 *
 * @param margin how much further it reaches on each side, as a share of the part
 */
export function visiblePart(
  { scale, left, top }: Viewport,
  photo: Size,
  canvas: Size,
  margin = 0,
): PixelRect | undefined {
  const [across, down] = [(canvas.width / scale) * margin, (canvas.height / scale) * margin];
  const from = {
    left: Math.max(Math.floor(-left / scale - across), 0),
    top: Math.max(Math.floor(-top / scale - down), 0),
  };
  const width = Math.min(Math.ceil((canvas.width - left) / scale + across), photo.width) - from.left;
  const height = Math.min(Math.ceil((canvas.height - top) / scale + down), photo.height) - from.top;
  return width > 0 && height > 0 ? { ...from, width, height } : undefined;
}

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
