import { defined } from '#contract/defined';
import type { Prompt } from '#contract/vision/prompt';
import type { MaskPolygon, Ring } from '#geometry/mask-polygon';
import type { OutputSegment } from '#outputs/output-format';
import { type ImageLimits, openImage } from './open-image.ts';

/** Sides of the picture in pixels: large photos are scaled down to stay handy, small ones up so that lines fit. */
const LONGEST_SIDE = 2048;
const SHORTEST_LONGEST_SIDE = 512;

const SEGMENT_COLOURS = ['#ff3d7f', '#00b8d9', '#ffab00'];
const FOREGROUND_COLOUR = '#22c55e';
const BACKGROUND_COLOUR = '#ef4444';

/** Size of the picture, by which unit coordinates are scaled, and its number of pixels per pixel of the photo. */
interface Canvas {
  width: number;
  height: number;
  scale: number;
  /** Width of an outline in pixels. */
  stroke: number;
}

/**
 * Draws segments and the prompt over an image file: translucent fills, outlines, points (green for foreground, red for
 * background) and the box. The first segment, the best, is on top. Returns a PNG.
 *
 * @throws the errors of `openImage`
 */
export async function drawSegments(
  path: string,
  { segments, prompt }: { segments: readonly Pick<OutputSegment, 'parts'>[]; prompt: Prompt },
  limits: ImageLimits,
): Promise<Buffer> {
  const { imageWidth, imageHeight, read } = await openImage(path, limits);
  const longest = Math.max(imageWidth, imageHeight);
  const scale = Math.min(LONGEST_SIDE, Math.max(SHORTEST_LONGEST_SIDE, longest)) / longest;
  const canvas = {
    width: Math.max(1, Math.round(imageWidth * scale)),
    height: Math.max(1, Math.round(imageHeight * scale)),
    scale,
    stroke: Math.max(2, (longest * scale) / 500),
  };
  const overlay = Buffer.from(overlaySvg(canvas, segments, prompt));
  return read(canvas, (picture) =>
    picture
      .composite([{ input: overlay }])
      .png()
      .toBuffer(),
  );
}

function overlaySvg(canvas: Canvas, segments: readonly Pick<OutputSegment, 'parts'>[], prompt: Prompt): string {
  const { width, height } = canvas;
  const drawn = segments.map(({ parts }, rank) => {
    const colour = defined(SEGMENT_COLOURS[rank % SEGMENT_COLOURS.length], 'colour');
    return parts.map((part) => partSvg(canvas, part, colour)).join('');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    ${drawn.reverse().join('')}${boxSvg(canvas, prompt)}${pointsSvg(canvas, prompt)}</svg>`;
}

/** SVG of a part. A light line under the coloured one keeps the outline visible on any background. */
function partSvg({ scale, stroke }: Canvas, { outer, holes }: MaskPolygon, colour: string): string {
  const toPath = (ring: Ring) =>
    `M${ring.map(({ x, y }) => `${(x * scale).toFixed(2)} ${(y * scale).toFixed(2)}`).join('L')}Z`;
  const path = [outer, ...holes].map(toPath).join('');
  const line = (colourOfLine: string, width: number) =>
    `<path d="${path}" fill="none" stroke="${colourOfLine}" stroke-width="${width}" stroke-linejoin="round"/>`;
  return `<path d="${path}" fill="${colour}" fill-opacity="0.35" fill-rule="evenodd"/>
    ${line('#ffffff', stroke * 2)}${line(colour, stroke)}`;
}

function boxSvg({ width, height, stroke }: Canvas, { boundingBox: box }: Prompt): string {
  if (!box) return '';
  const place = `x="${box.xMin * width}" y="${box.yMin * height}"`;
  const size = `width="${(box.xMax - box.xMin) * width}" height="${(box.yMax - box.yMin) * height}"`;
  const dashes = `stroke-dasharray="${stroke * 4} ${stroke * 3}"`;
  return `<g fill="none" stroke-width="${stroke}"><rect ${place} ${size} stroke="#000000"/>
    <rect ${place} ${size} stroke="#ffffff" ${dashes}/></g>`;
}

/**
 * SVG of the points: a plus on foreground points and a minus on background points, for viewers who cannot tell red from
 * green.
 */
function pointsSvg(canvas: Canvas, { points = [] }: Prompt): string {
  const radius = canvas.stroke * 4;
  const arm = radius / 2;
  const dots = points.map((point) => {
    const sign = point.label === 1 ? `M${-arm} 0H${arm}M0 ${-arm}V${arm}` : `M${-arm} 0H${arm}`;
    const colour = point.label === 1 ? FOREGROUND_COLOUR : BACKGROUND_COLOUR;
    return `<g transform="translate(${place(canvas, point)})"><circle r="${radius}" fill="${colour}"/><path d="${sign}"/></g>`;
  });
  return `<g stroke="#ffffff" stroke-width="${canvas.stroke}">${dots.join('')}</g>`;
}

const place = ({ width, height }: Canvas, { x, y }: { x: number; y: number }): string =>
  `${(x * width).toFixed(2)} ${(y * height).toFixed(2)}`;
