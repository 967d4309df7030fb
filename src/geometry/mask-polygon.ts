import type { PixelPoint } from './spaces.ts';

/** Corners of a closed line in order; the last joins the first, which is not repeated. Pixels of the upright image. */
export type Ring = readonly PixelPoint[];

/**
 * One detached part of a mask: its outline and its real holes. Rings as this folder makes them neither cross nor touch;
 * `outer` has a positive signed area (clockwise on a screen), holes a negative one.
 */
export interface MaskPolygon {
  outer: Ring;
  holes: Ring[];
}

/**
 * Area by the shoelace formula, in square units of the vertices: positive when the ring runs clockwise on a screen (y
 * downwards).
 */
export function signedArea(ring: readonly { x: number; y: number }[]): number {
  let doubled = 0;
  let previous = ring.at(-1);
  if (!previous) return 0;
  for (const point of ring) {
    doubled += previous.x * point.y - point.x * previous.y;
    previous = point;
  }
  return doubled / 2;
}

/** Length of the closed line in pixels. */
export function perimeter(ring: Ring): number {
  let length = 0;
  let previous = ring.at(-1);
  if (!previous) return 0;
  for (const point of ring) {
    length += Math.hypot(point.x - previous.x, point.y - previous.y);
    previous = point;
  }
  return length;
}

/** Area of a part without its holes, in square pixels. */
export function polygonArea({ outer, holes }: MaskPolygon): number {
  return holes.reduce((area, hole) => area - Math.abs(signedArea(hole)), Math.abs(signedArea(outer)));
}

/** Box around all parts, in pixels. */
export function partBounds(parts: readonly MaskPolygon[]): {
  left: number;
  top: number;
  right: number;
  bottom: number;
} {
  const bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const { x, y } of parts.flatMap(({ outer }): Ring => outer)) {
    bounds.left = Math.min(bounds.left, x);
    bounds.top = Math.min(bounds.top, y);
    bounds.right = Math.max(bounds.right, x);
    bounds.bottom = Math.max(bounds.bottom, y);
  }
  return bounds;
}

/** Whether a point lies inside a ring (even-odd); a point on the ring may count either way. */
export function ringContains(ring: Ring, { x, y }: PixelPoint): boolean {
  let inside = false;
  let from = ring.at(-1);
  if (!from) return false;
  for (const to of ring) {
    if (from.y > y !== to.y > y && x < from.x + ((y - from.y) / (to.y - from.y)) * (to.x - from.x)) inside = !inside;
    from = to;
  }
  return inside;
}

/** Whether a point lies in a part and in none of its holes. */
export function polygonContains({ outer, holes }: MaskPolygon, point: PixelPoint): boolean {
  return ringContains(outer, point) && !holes.some((hole) => ringContains(hole, point));
}
