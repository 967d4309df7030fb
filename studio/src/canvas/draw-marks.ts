import type { ObjectPrompt, UnitPosition } from '../objects/photo-object.ts';
import { LONG_PRESS_MS } from './create-gestures.ts';
import { CORNERS, type Handle } from './hit-test.ts';
import { type ScreenPosition, type Size, toScreen, type Viewport } from './viewport.ts';

/** How the canvas is placed over the photo. */
export interface Placing {
  viewport: Viewport;
  photo: Size;
  pixelRatio: number;
}

const EDGE = 'rgb(0 0 0 / 0.6)';
const FOREGROUND = '#147a46';
const BACKGROUND = '#b3261e';

/** Draws a prompt: its box with handles, and its points. Handles are left out where it may not be changed. */
export function drawPrompt(
  context: CanvasRenderingContext2D,
  { points, boundingBox }: ObjectPrompt,
  { selected, locked = false }: { selected?: Handle; locked?: boolean },
  placing: Placing,
): void {
  const { viewport, photo } = placing;
  reset(context, placing);
  if (boundingBox !== undefined) {
    const corner = (x: 'xMin' | 'xMax', y: 'yMin' | 'yMax') =>
      toScreen(viewport, { x: boundingBox[x], y: boundingBox[y] }, photo);
    drawBox(context, { from: corner('xMin', 'yMin'), to: corner('xMax', 'yMax') }, placing);
    if (!locked) {
      for (const [x, y] of CORNERS) drawHandle(context, corner(x, y), selected?.kind === 'box');
    }
  }
  for (const [index, point] of points.entries()) {
    const isSelected = selected?.kind === 'point' && selected.index === index;
    drawPoint(context, toScreen(viewport, point, photo), point.label, isSelected);
  }
}

function reset(context: CanvasRenderingContext2D, { pixelRatio }: Pick<Placing, 'pixelRatio'>): void {
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function drawHandle(context: CanvasRenderingContext2D, { left, top }: ScreenPosition, isSelected: boolean): void {
  const side = isSelected ? 10 : 8;
  context.beginPath();
  context.rect(left - side / 2, top - side / 2, side, side);
  context.fillStyle = '#fff';
  context.fill();
  context.lineWidth = isSelected ? 2.5 : 1.5;
  context.strokeStyle = isSelected ? '#0d66c6' : EDGE;
  context.stroke();
}

/** A green disc with a plus for what is the object, a red one with a minus for what is not. */
function drawPoint(
  context: CanvasRenderingContext2D,
  { left, top }: ScreenPosition,
  label: 0 | 1,
  isSelected: boolean,
): void {
  const ring = (radius: number, width: number, style: string) => {
    context.beginPath();
    context.arc(left, top, radius, 0, 2 * Math.PI);
    context.lineWidth = width;
    context.strokeStyle = style;
    context.stroke();
  };
  if (isSelected) {
    ring(11, 4, EDGE);
    ring(11, 2, '#fff');
  }
  context.beginPath();
  context.arc(left, top, 6.5, 0, 2 * Math.PI);
  context.fillStyle = label === 1 ? FOREGROUND : BACKGROUND;
  context.fill();
  ring(7.5, 1, EDGE);
  ring(6.5, 2, '#fff');
  context.beginPath();
  context.moveTo(left - 3, top);
  context.lineTo(left + 3, top);
  if (label === 1) {
    context.moveTo(left, top - 3);
    context.lineTo(left, top + 3);
  }
  context.lineWidth = 1.5;
  context.strokeStyle = '#fff';
  context.stroke();
}

/** Draws a box between two corners of the canvas: dashed, seen on any ground. */
export function drawBox(
  context: CanvasRenderingContext2D,
  { from, to }: { from: ScreenPosition; to: ScreenPosition },
  placing: Pick<Placing, 'pixelRatio'>,
): void {
  const rectangle = [from.left, from.top, to.left - from.left, to.top - from.top] as const;
  reset(context, placing);
  context.lineWidth = 3;
  context.strokeStyle = EDGE;
  context.strokeRect(...rectangle);
  context.setLineDash([6, 4]);
  context.lineWidth = 1.5;
  context.strokeStyle = '#fff';
  context.strokeRect(...rectangle);
  context.setLineDash([]);
}

/** Draws the position that is moved with keys: a cross whose middle stays free. */
export function drawCrosshair(context: CanvasRenderingContext2D, position: UnitPosition, placing: Placing): void {
  const { left, top } = toScreen(placing.viewport, position, placing.photo);
  reset(context, placing);
  for (const [width, style] of [
    [4, EDGE],
    [1.5, '#fff'],
  ] as const) {
    context.beginPath();
    for (const [across, down] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      context.moveTo(left + across * 5, top + down * 5);
      context.lineTo(left + across * 18, top + down * 18);
    }
    context.lineWidth = width;
    context.strokeStyle = style;
    context.stroke();
  }
}

/**
 * Draws a ring around a resting finger, which closes until the press is a long one.
 *
 * @param restedMs how long it has rested
 * @param still whether the ring is drawn closed at once, for people who want no motion
 */
export function drawPress(
  context: CanvasRenderingContext2D,
  { left, top }: ScreenPosition,
  { restedMs, still }: { restedMs: number; still: boolean },
  placing: Pick<Placing, 'pixelRatio'>,
): void {
  // A tap is over before the ring is seen.
  const share = Math.min((restedMs - PRESS_SEEN_MS) / (LONG_PRESS_MS - PRESS_SEEN_MS), 1);
  if (share <= 0) return;
  reset(context, placing);
  context.lineCap = 'round';
  for (const [width, style] of [
    [7, EDGE],
    [4, BACKGROUND],
  ] as const) {
    context.beginPath();
    context.arc(left, top, 34, -Math.PI / 2, (still ? 1 : share) * 2 * Math.PI - Math.PI / 2);
    context.lineWidth = width;
    context.strokeStyle = style;
    context.stroke();
  }
  context.lineCap = 'butt';
}

const PRESS_SEEN_MS = 150;
