import type { MaskPolygon, Ring } from './mask-polygon.ts';

/** A segment on its way into a file format: its rings in pixels of the upright image, holes as holes. */
export interface OutputSegment {
  /** Place among the segments of its job, the best is 0. */
  index: number;
  score: number;
  parts: MaskPolygon[];
}

/** Files carry thousandths of a pixel: finer than the wire's millionths of any image above 1,000 pixels. */
export const roundPixels = (value: number): number => Math.round(value * 1000) / 1000;

/** Box around all parts in pixels. */
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
