import type { Outline, PromptPoint } from '../objects/photo-object.ts';
import { type Size, toScreen, type Viewport } from './viewport.ts';

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

/** Draws the points of a prompt: green with a plus for what is marked, red with a minus for what is not. */
export function drawPoints(
  context: CanvasRenderingContext2D,
  points: readonly PromptPoint[],
  { viewport, photo, pixelRatio }: { viewport: Viewport; photo: Size; pixelRatio: number },
): void {
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.setLineDash([]);
  for (const point of points) {
    const { left, top } = toScreen(viewport, point, photo);
    context.beginPath();
    context.arc(left, top, 6.5, 0, 2 * Math.PI);
    context.fillStyle = point.label === 1 ? '#147a46' : '#b3261e';
    context.fill();
    context.lineWidth = 2;
    context.strokeStyle = '#fff';
    context.stroke();
    context.beginPath();
    context.moveTo(left - 3, top);
    context.lineTo(left + 3, top);
    if (point.label === 1) {
      context.moveTo(left, top - 3);
      context.lineTo(left, top + 3);
    }
    context.lineWidth = 1.5;
    context.stroke();
  }
}
