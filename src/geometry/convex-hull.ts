import type { Ring } from './mask-polygon.ts';
import type { PixelPoint } from './spaces.ts';

/**
 * The smallest convex ring around points, clockwise on a screen, without points on its straight lines; fewer than three
 * points if all lie on a line. Source: Andrew, "Another efficient algorithm for convex hulls in two dimensions", 1979.
 */
export function convexHull(points: readonly PixelPoint[]): Ring {
  const sorted = points.toSorted((a, b) => a.x - b.x || a.y - b.y);
  const [upper, lower] = [halfHull(sorted), halfHull(sorted.toReversed())];
  const hull = [...upper.slice(0, -1), ...lower.slice(0, -1)];
  return hull.length > 0 ? hull : sorted.slice(0, 1);
}

/** The side of the hull on the left of the way from the first point to the last. */
function halfHull(sorted: readonly PixelPoint[]): PixelPoint[] {
  const half: PixelPoint[] = [];
  for (const point of sorted) {
    for (;;) {
      const [before, last] = [half.at(-2), half.at(-1)];
      if (before === undefined || last === undefined) break;
      const turn = (last.x - before.x) * (point.y - before.y) - (last.y - before.y) * (point.x - before.x);
      if (turn > 0) break;
      half.pop();
    }
    half.push(point);
  }
  return half;
}
