import type { Placing } from '../canvas/draw-marks.ts';
import { toScreen } from '../canvas/viewport.ts';
import type { Outline } from '../objects/photo-object.ts';
import type { CorrectionState } from './correction-state.ts';
import { vertexAt } from './hit-outline.ts';

const EDGE = 'rgb(0 0 0 / 0.6)';
/** CSS pixels between handles that are drawn: nearer ones could not be told apart. */
const LEAST_APART = 7;

/** Draws what an outline is corrected with: the handles of its vertices, or the brush and its way. */
export function drawCorrection(
  context: CanvasRenderingContext2D,
  { tool, radius, vertex, stroke, pointer }: CorrectionState,
  {
    outline,
    colour,
    canvas,
  }: { outline: Outline | undefined; colour: string; canvas: { width: number; height: number } },
  placing: Placing,
): void {
  const { viewport, photo, pixelRatio } = placing;
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.setLineDash([]);
  context.globalAlpha = 1;
  if (tool === 'vertices' && outline !== undefined) {
    drawHandles(context, outline, canvas, placing);
    const chosen = vertex && vertexAt(outline.parts, vertex);
    if (chosen !== undefined) drawChosen(context, toScreen(viewport, chosen, photo));
    return;
  }
  if (tool !== 'brush' && tool !== 'eraser') return;
  const width = 2 * radius * viewport.scale;
  if (stroke !== undefined) {
    context.lineCap = 'round';
    context.lineJoin = 'round';
    context.lineWidth = width;
    context.globalAlpha = 0.5;
    context.strokeStyle = stroke.erases ? '#fff' : colour;
    context.beginPath();
    for (const [place, position] of stroke.way.entries()) {
      const { left, top } = toScreen(viewport, position, photo);
      if (place === 0) context.moveTo(left, top);
      // A way of one position has a length, so that it is drawn.
      context.lineTo(left + (place === 0 ? 0.01 : 0), top);
    }
    context.stroke();
    context.globalAlpha = 1;
    context.lineCap = 'butt';
  }
  if (pointer === undefined) return;
  const { left, top } = toScreen(viewport, pointer, photo);
  const isErasing = stroke?.erases ?? tool === 'eraser';
  for (const [line, style] of [
    [3, EDGE],
    [1.5, '#fff'],
  ] as const) {
    context.beginPath();
    context.arc(left, top, Math.max(width / 2, 1.5), 0, 2 * Math.PI);
    context.setLineDash(isErasing ? [4, 3] : []);
    context.lineWidth = line;
    context.strokeStyle = style;
    context.stroke();
  }
  context.setLineDash([]);
}

/** Draws the vertices in sight as small discs, all with two strokes of one path, so that thousands are as fast. */
function drawHandles(
  context: CanvasRenderingContext2D,
  { parts }: Outline,
  { width, height }: { width: number; height: number },
  { viewport, photo }: Placing,
): void {
  const path = new Path2D();
  for (const ring of parts.flat()) {
    let last: { left: number; top: number } | undefined;
    for (const corner of ring) {
      const { left, top } = toScreen(viewport, corner, photo);
      if (left < -8 || top < -8 || left > width + 8 || top > height + 8) continue;
      if (last !== undefined && Math.hypot(left - last.left, top - last.top) < LEAST_APART) continue;
      last = { left, top };
      path.moveTo(left + 3.5, top);
      path.arc(left, top, 3.5, 0, 2 * Math.PI);
    }
  }
  context.fillStyle = '#fff';
  context.fill(path);
  context.lineWidth = 1.5;
  context.strokeStyle = EDGE;
  context.stroke(path);
}

function drawChosen(context: CanvasRenderingContext2D, { left, top }: { left: number; top: number }): void {
  for (const [radius, style] of [
    [7.5, EDGE],
    [6.5, '#fff'],
    [4.5, '#0d66c6'],
  ] as const) {
    context.beginPath();
    context.arc(left, top, radius, 0, 2 * Math.PI);
    context.fillStyle = style;
    context.fill();
  }
}
