import type { Outline } from '../objects/photo-object.ts';
import type { Size, Viewport } from './viewport.ts';

const paths = new WeakMap<Outline, Path2D>();

/** The outline as a path in fractions of the photo; made once for each outline. */
function pathOf(outline: Outline): Path2D {
  const known = paths.get(outline);
  if (known !== undefined) return known;
  const path = new Path2D();
  for (const ring of outline.parts.flat()) {
    for (const [place, { x, y }] of ring.entries()) place === 0 ? path.moveTo(x, y) : path.lineTo(x, y);
    path.closePath();
  }
  paths.set(outline, path);
  return path;
}

interface Bounds {
  xMin: number;
  yMin: number;
  xMax: number;
  yMax: number;
}
const bounds = new WeakMap<Outline, Bounds>();

/** The smallest upright rectangle around an outline, in fractions of the photo; found once for each outline. */
function boundsOf(outline: Outline): Bounds {
  const known = bounds.get(outline);
  if (known !== undefined) return known;
  const found = { xMin: 1, yMin: 1, xMax: 0, yMax: 0 };
  for (const { x, y } of outline.parts.flat(2)) {
    found.xMin = Math.min(found.xMin, x);
    found.yMin = Math.min(found.yMin, y);
    found.xMax = Math.max(found.xMax, x);
    found.yMax = Math.max(found.yMax, y);
  }
  bounds.set(outline, found);
  return found;
}

/** Whether any of an outline, with its line, may be on the canvas. */
export function isInSight(
  outline: Outline,
  { viewport: { scale, left, top }, photo, canvas }: { viewport: Viewport; photo: Size; canvas: Size },
): boolean {
  const { xMin, yMin, xMax, yMax } = boundsOf(outline);
  const line = 4;
  return (
    left + xMax * photo.width * scale >= -line &&
    left + xMin * photo.width * scale <= canvas.width + line &&
    top + yMax * photo.height * scale >= -line &&
    top + yMin * photo.height * scale <= canvas.height + line
  );
}

/** How an outline is drawn. */
export interface OutlineLook {
  colour: string;
  /** Share of the colour in the fill, 0..1. */
  fill: number;
  /** `strong` for what is being worked on, `plain` for finished objects, `thin` for candidates that are not chosen. */
  line: 'strong' | 'plain' | 'thin';
}

/** Draws an outline, with its holes: a fill, and a line with a dark and a light edge that is seen on any ground. */
export function drawOutline(
  context: CanvasRenderingContext2D,
  outline: Outline,
  look: OutlineLook,
  { viewport, photo, pixelRatio }: { viewport: Viewport; photo: Size; pixelRatio: number },
): void {
  const { scale, left, top } = viewport;
  const across = new DOMMatrix([scale * photo.width, 0, 0, scale * photo.height, left, top]);
  const path = new Path2D();
  path.addPath(pathOf(outline), across);
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.lineJoin = 'round';
  context.setLineDash([]);
  if (look.fill > 0) {
    context.globalAlpha = look.fill;
    context.fillStyle = look.colour;
    context.fill(path, 'evenodd');
    context.globalAlpha = 1;
  }
  const stroke = (style: string, width: number) => {
    context.strokeStyle = style;
    context.lineWidth = width;
    context.stroke(path);
  };
  if (look.line === 'thin') {
    context.setLineDash([3, 3]);
    stroke('rgb(255 255 255 / 0.6)', 1);
  } else {
    stroke('rgb(0 0 0 / 0.6)', look.line === 'strong' ? 4 : 3.2);
    stroke(look.line === 'strong' ? '#fff' : look.colour, look.line === 'strong' ? 2 : 1.8);
  }
}
