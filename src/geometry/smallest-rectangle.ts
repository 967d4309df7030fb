import { convexHull } from './convex-hull.ts';
import type { Ring } from './mask-polygon.ts';
import { type PixelPoint, pixelPoint } from './spaces.ts';

/**
 * The rectangle of the smallest area around points, at any angle: four corners, clockwise on a screen; undefined if all
 * points lie on a line. One of its sides lies on a side of the convex hull. Source: Freeman and Shapira, "Determining
 * the minimum-area encasing rectangle for an arbitrary closed curve", 1975.
 */
export function smallestRectangle(points: readonly PixelPoint[]): Ring | undefined {
  const hull = convexHull(points);
  if (hull.length < 3) return undefined;
  let best: { area: number; corners: Ring } | undefined;
  for (const [index, from] of hull.entries()) {
    const to = hull[(index + 1) % hull.length] ?? from;
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    const [alongX, alongY] = [(to.x - from.x) / length, (to.y - from.y) / length];
    // Along the side, and away from it: the hull lies on its right.
    let [least, most, far] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
    for (const { x, y } of hull) {
      const along = (x - from.x) * alongX + (y - from.y) * alongY;
      least = Math.min(least, along);
      most = Math.max(most, along);
      far = Math.max(far, (y - from.y) * alongX - (x - from.x) * alongY);
    }
    const area = (most - least) * far;
    if (best !== undefined && area >= best.area) continue;
    const corner = (along: number, away: number) =>
      pixelPoint(from.x + along * alongX - away * alongY, from.y + along * alongY + away * alongX);
    best = { area, corners: [corner(least, 0), corner(most, 0), corner(most, far), corner(least, far)] };
  }
  return best?.corners;
}
