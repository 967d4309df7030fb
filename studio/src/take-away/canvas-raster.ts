import type { Prompt } from '#contract/vision/prompt';
import type { MaskPolygon } from '#geometry/mask-polygon';
import { scanRows, toSpans } from '#geometry/scan-rows';
import type { ImageSize } from '#geometry/spaces';
import type { OutputSegment, Raster } from '#outputs/output-format';
import { colourOf } from '../objects/colours.ts';
import { encodeMask } from './encode-mask.ts';

/** Sides of a drawing in pixels: large photos are scaled down to stay handy, small ones up so that lines fit. */
const LONGEST_SIDE = 2048;
const SHORTEST_LONGEST_SIDE = 512;
/** Pixels that are read from a canvas at a time. */
const STRIP_PIXELS = 1 << 22;
const FOREGROUND_COLOUR = '#22c55e';
const BACKGROUND_COLOUR = '#ef4444';

/**
 * Creates the functions by which output formats make pictures in a browser, of the upright photo. Needs no page, so that
 * it runs in a worker.
 */
export const createCanvasRaster = (photo: ImageBitmap | undefined): Raster<Blob> => ({
  encodeMask,
  cutOut: (parts) => cutOut(given(photo), parts),
  draw: (segments, prompt) => draw(given(photo), segments, prompt),
  giveWay: async () => {},
});

function given(photo: ImageBitmap | undefined): ImageBitmap {
  if (photo === undefined) throw new Error('A format takes pixels of the photo, and does not list that in its needs.');
  return photo;
}

/**
 * Writes the photo as a PNG that is transparent outside of the parts, and holds nothing of the photo there.
 *
 * @param options.crop whether the PNG is as large as the parts alone, and not as the photo
 */
export async function cutOut(
  photo: ImageBitmap,
  parts: readonly MaskPolygon[],
  { crop = false }: { crop?: boolean } = {},
): Promise<Blob> {
  const box = pixelBox(parts, { imageWidth: photo.width, imageHeight: photo.height });
  const [width, height] = crop ? [box.width, box.height] : [photo.width, photo.height];
  const [left, top] = crop ? [0, 0] : [box.left, box.top];
  const { canvas, context } = createCanvas(width, height, { willReadFrequently: true });
  context.drawImage(photo, box.left, box.top, box.width, box.height, left, top, box.width, box.height);
  const rowsInStrip = Math.max(1, Math.floor(STRIP_PIXELS / box.width));
  const rows = scanRows(parts, photo.width, photo.height);
  for (let row = 0; row < box.top; row++) rows.next();
  for (let row = 0; row < box.height; row += rowsInStrip) {
    const strip = context.getImageData(left, top + row, box.width, Math.min(rowsInStrip, box.height - row));
    const pixels = new Uint32Array(strip.data.buffer);
    for (let line = 0; line < strip.height; line++) {
      let clear = line * box.width;
      const start = clear - box.left;
      for (const [from, to] of toSpans(rows.next().value ?? [])) {
        pixels.fill(0, clear, start + from);
        clear = start + to;
      }
      pixels.fill(0, clear, (line + 1) * box.width);
    }
    context.putImageData(strip, left, top + row);
  }
  return canvas.convertToBlob({ type: 'image/png' });
}

/** The smallest rectangle around the pixels that the parts cover; the pixel in the corner if they cover none. */
function pixelBox(parts: readonly MaskPolygon[], { imageWidth, imageHeight }: ImageSize) {
  const box = { left: imageWidth, top: imageHeight, right: 0, bottom: 0 };
  let row = 0;
  for (const bounds of scanRows(parts, imageWidth, imageHeight)) {
    const [from, to] = [bounds[0], bounds.at(-1)];
    if (from !== undefined && to !== undefined) {
      box.left = Math.min(box.left, from);
      box.right = Math.max(box.right, to);
      box.top = Math.min(box.top, row);
      box.bottom = row + 1;
    }
    row++;
  }
  if (box.bottom === 0) return { left: 0, top: 0, width: 1, height: 1 };
  return { left: box.left, top: box.top, width: box.right - box.left, height: box.bottom - box.top };
}

/** Draws segments and what marked them over the photo, scaled to a handy size. */
async function draw(photo: ImageBitmap, segments: readonly OutputSegment[], prompt: Prompt): Promise<Blob> {
  const longest = Math.max(photo.width, photo.height);
  const scale = Math.min(LONGEST_SIDE, Math.max(SHORTEST_LONGEST_SIDE, longest)) / longest;
  const width = Math.max(1, Math.round(photo.width * scale));
  const height = Math.max(1, Math.round(photo.height * scale));
  const line = Math.max(2, (longest * scale) / 500);
  const { canvas, context } = createCanvas(width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(photo, 0, 0, width, height);
  context.lineJoin = 'round';
  // The best segment of one prompt, and the object that was marked first, is on top.
  for (const { parts, label, index } of segments.toReversed()) {
    const path = toPath(parts, scale);
    const colour = colourOf(label, index);
    context.globalAlpha = 0.35;
    context.fillStyle = colour;
    context.fill(path, 'evenodd');
    context.globalAlpha = 1;
    // A light line below the coloured one keeps it visible on any ground.
    strokeTwice(context, path, ['#ffffff', colour], [line * 2, line]);
  }
  const { boundingBox: box, points = [] } = prompt;
  if (box !== undefined) {
    const path = new Path2D();
    path.rect(box.xMin * width, box.yMin * height, (box.xMax - box.xMin) * width, (box.yMax - box.yMin) * height);
    strokeTwice(context, path, ['#000000', '#ffffff'], [line, line], [line * 4, line * 3]);
  }
  for (const { x, y, label } of points) drawPoint(context, { x: x * width, y: y * height, label, line });
  return canvas.convertToBlob({ type: 'image/png' });
}

function toPath(parts: readonly MaskPolygon[], scale: number): Path2D {
  const path = new Path2D();
  for (const ring of parts.flatMap(({ outer, holes }) => [outer, ...holes])) {
    for (const [place, { x, y }] of ring.entries()) {
      if (place === 0) path.moveTo(x * scale, y * scale);
      else path.lineTo(x * scale, y * scale);
    }
    path.closePath();
  }
  return path;
}

type Context = OffscreenCanvasRenderingContext2D;

function strokeTwice(context: Context, path: Path2D, colours: string[], widths: number[], dashes: number[] = []): void {
  for (const [place, colour] of colours.entries()) {
    context.setLineDash(place === 0 ? [] : dashes);
    context.strokeStyle = colour;
    context.lineWidth = widths[place] ?? 1;
    context.stroke(path);
  }
  context.setLineDash([]);
}

/** A plus marks the object and a minus what is not it, also for people who cannot tell green from red. */
function drawPoint(
  context: Context,
  { x, y, label, line }: { x: number; y: number; label: 0 | 1; line: number },
): void {
  const radius = line * 4;
  const arm = radius / 2;
  const dot = new Path2D();
  dot.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = label === 1 ? FOREGROUND_COLOUR : BACKGROUND_COLOUR;
  context.fill(dot);
  dot.moveTo(x - arm, y);
  dot.lineTo(x + arm, y);
  if (label === 1) {
    dot.moveTo(x, y - arm);
    dot.lineTo(x, y + arm);
  }
  context.strokeStyle = '#ffffff';
  context.lineWidth = line;
  context.stroke(dot);
}

function createCanvas(width: number, height: number, options?: CanvasRenderingContext2DSettings) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', options);
  if (context === null) throw new Error(`This browser has no canvas of ${width} x ${height} pixels.`);
  return { canvas, context };
}
