import type { BoundingBox } from '#contract/vision/prompt';
import type { ObjectPrompt, Outline, PhotoObject, UnitPosition } from '../objects/photo-object.ts';
import { type ScreenPosition, type Size, toScreen, type Viewport } from './viewport.ts';

/** Sides of a box that move together when it is dragged at an edge (one) or at a corner (two). */
export type BoxSide = keyof BoundingBox;

/** A part of a prompt that can be dragged and deleted. */
export type Handle = { kind: 'point'; index: number } | { kind: 'box'; sides: readonly BoxSide[] };

/** How near to a handle the pointer has to be, in CSS pixels. */
const REACH = { point: 9, corner: 9, edge: 5 } as const;
/** How much larger handles are for fingers. */
const FINGER = 2;

/** The part of a prompt at a position of the canvas: points before corners, corners before edges, the newest first. */
export function hitHandle(
  { points, boundingBox }: ObjectPrompt,
  at: ScreenPosition,
  { viewport, photo, finger = false }: { viewport: Viewport; photo: Size; finger?: boolean },
): Handle | undefined {
  const reach = (kind: keyof typeof REACH) => REACH[kind] * (finger ? FINGER : 1);
  const distance = (position: UnitPosition) => {
    const { left, top } = toScreen(viewport, position, photo);
    return Math.hypot(left - at.left, top - at.top);
  };
  const index = points.findLastIndex((point) => distance(point) <= reach('point'));
  if (index >= 0) return { kind: 'point', index };
  if (boundingBox === undefined) return undefined;
  for (const [x, y] of CORNERS) {
    if (distance({ x: boundingBox[x], y: boundingBox[y] }) <= reach('corner')) return { kind: 'box', sides: [x, y] };
  }
  const from = toScreen(viewport, { x: boundingBox.xMin, y: boundingBox.yMin }, photo);
  const to = toScreen(viewport, { x: boundingBox.xMax, y: boundingBox.yMax }, photo);
  const isBetween = (value: number, one: number, other: number) => value >= one && value <= other;
  const edges: [side: BoxSide, away: number, along: boolean][] = [
    ['xMin', at.left - from.left, isBetween(at.top, from.top, to.top)],
    ['xMax', at.left - to.left, isBetween(at.top, from.top, to.top)],
    ['yMin', at.top - from.top, isBetween(at.left, from.left, to.left)],
    ['yMax', at.top - to.top, isBetween(at.left, from.left, to.left)],
  ];
  const edge = edges.find(([, away, along]) => along && Math.abs(away) <= reach('edge'));
  return edge && { kind: 'box', sides: [edge[0]] };
}

/** The corners of a box. */
export const CORNERS = [
  ['xMin', 'yMin'],
  ['xMax', 'yMin'],
  ['xMin', 'yMax'],
  ['xMax', 'yMax'],
] as const;

/**
 * Moves a part of a prompt to a position. A side of a box that is dragged past the other takes its place.
 *
 * @returns the prompt, and the handle by which the same part is now held
 */
export function moveHandle(
  prompt: ObjectPrompt,
  handle: Handle,
  { x, y }: UnitPosition,
): { prompt: ObjectPrompt; handle: Handle } {
  if (handle.kind === 'point') {
    const points = prompt.points.map((point, index) => (index === handle.index ? { ...point, x, y } : point));
    return { prompt: { ...prompt, points }, handle };
  }
  if (prompt.boundingBox === undefined) return { prompt, handle };
  const box = { ...prompt.boundingBox };
  for (const side of handle.sides) box[side] = side.startsWith('x') ? x : y;
  // A box without a width or height marks nothing: the last one that had both stays.
  if (box.xMin === box.xMax || box.yMin === box.yMax) return { prompt, handle };
  const swapped = (side: BoxSide): BoxSide => {
    if (side.startsWith('x')) return box.xMin < box.xMax ? side : otherSide(side);
    return box.yMin < box.yMax ? side : otherSide(side);
  };
  return {
    prompt: { ...prompt, boundingBox: boxBetween({ x: box.xMin, y: box.yMin }, { x: box.xMax, y: box.yMax }) },
    handle: { kind: 'box', sides: handle.sides.map(swapped) },
  };
}

const OTHER_SIDES: Record<BoxSide, BoxSide> = { xMin: 'xMax', xMax: 'xMin', yMin: 'yMax', yMax: 'yMin' };
const otherSide = (side: BoxSide): BoxSide => OTHER_SIDES[side];

/** The box between two corners. */
export const boxBetween = (one: UnitPosition, other: UnitPosition): BoundingBox => ({
  xMin: Math.min(one.x, other.x),
  yMin: Math.min(one.y, other.y),
  xMax: Math.max(one.x, other.x),
  yMax: Math.max(one.y, other.y),
});

/** A prompt without one of its parts. */
export function deleteHandle({ points, boundingBox }: ObjectPrompt, handle: Handle): ObjectPrompt {
  if (handle.kind === 'box') return { points };
  return { points: points.filter((_, index) => index !== handle.index), ...(boundingBox && { boundingBox }) };
}

/** Whether a position lies in an outline, and not in one of its holes. */
export function isInside({ parts }: Outline, { x, y }: UnitPosition): boolean {
  let inside = false;
  for (const ring of parts.flat()) {
    let from = ring.at(-1);
    for (const to of ring) {
      if (from !== undefined && from.y > y !== to.y > y) {
        const crossing = from.x + ((y - from.y) / (to.y - from.y)) * (to.x - from.x);
        if (x < crossing) inside = !inside;
      }
      from = to;
    }
  }
  return inside;
}

/** The topmost object in sight that a position lies in; undefined if there is none. */
export const objectAt = (objects: readonly PhotoObject[], position: UnitPosition): PhotoObject | undefined =>
  objects.findLast(({ hidden, outlines, chosen }) => {
    const outline = outlines[chosen];
    return !hidden && outline !== undefined && isInside(outline, position);
  });
