import { convexHull } from './convex-hull.ts';
import { type PixelPoint, pixelPoint } from './spaces.ts';

/** A circle in pixels. */
export interface Circle {
  centre: PixelPoint;
  radius: number;
}

/** Share of the radius by which rounding may put a point outside that lies on the circle. */
const ROUNDING = 1e-9;

/**
 * The smallest circle around points; of radius 0 around a single one. Points are added one by one, and the circle grows
 * to have each that is outside on it. Source: Welzl, "Smallest enclosing disks", 1991, as loops over the convex hull.
 */
export function smallestCircle(points: readonly PixelPoint[]): Circle {
  const hull = convexHull(points);
  let circle: Circle = { centre: hull[0] ?? pixelPoint(0, 0), radius: 0 };
  const isOutside = (point: PixelPoint) => distance(circle.centre, point) > circle.radius * (1 + ROUNDING);
  for (const [third, one] of hull.entries()) {
    if (!isOutside(one)) continue;
    circle = { centre: one, radius: 0 };
    for (const [second, other] of hull.slice(0, third).entries()) {
      if (!isOutside(other)) continue;
      circle = onTwo(one, other);
      for (const last of hull.slice(0, second)) {
        if (isOutside(last)) circle = onThree(one, other, last) ?? circle;
      }
    }
  }
  return circle;
}

const distance = (one: PixelPoint, other: PixelPoint) => Math.hypot(one.x - other.x, one.y - other.y);

function onTwo(one: PixelPoint, other: PixelPoint): Circle {
  return { centre: pixelPoint((one.x + other.x) / 2, (one.y + other.y) / 2), radius: distance(one, other) / 2 };
}

/** The circle through three points; undefined if they lie on a line. */
function onThree(one: PixelPoint, other: PixelPoint, last: PixelPoint): Circle | undefined {
  const [bx, by] = [other.x - one.x, other.y - one.y];
  const [cx, cy] = [last.x - one.x, last.y - one.y];
  const twice = 2 * (bx * cy - by * cx);
  if (twice === 0) return undefined;
  const [bb, cc] = [bx * bx + by * by, cx * cx + cy * cy];
  const x = (cy * bb - by * cc) / twice;
  const y = (bx * cc - cx * bb) / twice;
  return { centre: pixelPoint(one.x + x, one.y + y), radius: Math.hypot(x, y) };
}
