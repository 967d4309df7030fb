import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { convexHull } from '#geometry/convex-hull';
import { signedArea } from '#geometry/mask-polygon';
import { smallestCircle } from '#geometry/smallest-circle';
import { smallestRectangle } from '#geometry/smallest-rectangle';
import { type PixelPoint, pixelPoint } from '#geometry/spaces';

const clouds = fc.array(
  fc
    .record({ x: fc.integer({ min: 0, max: 60 }), y: fc.integer({ min: 0, max: 60 }) })
    .map(({ x, y }) => pixelPoint(x, y)),
  { minLength: 3, maxLength: 40 },
);
const isOnLine = (points: readonly PixelPoint[]) => convexHull(points).length < 3;

/** Area of the rectangle around points whose sides have an angle. */
function areaAt(points: readonly PixelPoint[], angle: number): number {
  const spread = (values: number[]) => Math.max(...values) - Math.min(...values);
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  return (
    spread(points.map(({ x, y }) => x * cosine + y * sine)) * spread(points.map(({ x, y }) => y * cosine - x * sine))
  );
}

describe('convexHull', () => {
  it('is convex, clockwise, and has all points inside or on it', () => {
    fc.assert(
      fc.property(clouds, (points) => {
        const hull = convexHull(points);
        if (hull.length < 3) return;
        expect(signedArea(hull)).toBeGreaterThan(0);
        for (const [index, from] of hull.entries()) {
          const to = hull[(index + 1) % hull.length]!;
          for (const { x, y } of points) {
            expect((to.x - from.x) * (y - from.y) - (to.y - from.y) * (x - from.x)).toBeGreaterThanOrEqual(0);
          }
        }
      }),
    );
  });
});

describe('smallestRectangle', () => {
  it('contains all points, and no rectangle at any other angle is smaller', () => {
    fc.assert(
      fc.property(clouds, (points) => {
        const corners = smallestRectangle(points);
        if (corners === undefined) return expect(isOnLine(points)).toBe(true);
        const area = signedArea(corners);
        expect(area).toBeGreaterThan(0);
        for (let step = 0; step < 360; step++) {
          expect(area).toBeLessThanOrEqual(areaAt(points, (step / 360) * Math.PI) + 1e-6);
        }
        for (const [index, from] of corners.entries()) {
          const to = corners[(index + 1) % 4]!;
          const before = corners[(index + 3) % 4]!;
          expect((to.x - from.x) * (before.x - from.x) + (to.y - from.y) * (before.y - from.y)).toBeCloseTo(0, 6);
          for (const { x, y } of points) {
            expect((to.x - from.x) * (y - from.y) - (to.y - from.y) * (x - from.x)).toBeGreaterThanOrEqual(-1e-6);
          }
        }
      }),
    );
  });

  it('is turned as the points are', () => {
    const corners = smallestRectangle([pixelPoint(10, 0), pixelPoint(20, 10), pixelPoint(10, 20), pixelPoint(0, 10)]);
    expect(corners && signedArea(corners)).toBeCloseTo(200, 6);
    expect(smallestRectangle([pixelPoint(0, 0), pixelPoint(5, 5), pixelPoint(9, 9)])).toBeUndefined();
  });
});

describe('smallestCircle', () => {
  /** By trying all pairs and triples: the smallest that has all points. */
  function reference(points: readonly PixelPoint[]): number {
    let least = Number.POSITIVE_INFINITY;
    const consider = (x: number, y: number, radius: number) => {
      if (points.every((point) => Math.hypot(point.x - x, point.y - y) <= radius + 1e-6))
        least = Math.min(least, radius);
    };
    for (const [i, a] of points.entries()) {
      for (const [j, b] of points.slice(0, i).entries()) {
        consider((a.x + b.x) / 2, (a.y + b.y) / 2, Math.hypot(a.x - b.x, a.y - b.y) / 2);
        for (const c of points.slice(0, j)) {
          const twice = 2 * (a.x * (b.y - c.y) + b.x * (c.y - a.y) + c.x * (a.y - b.y));
          if (twice === 0) continue;
          const square = ({ x, y }: PixelPoint) => x * x + y * y;
          const x = (square(a) * (b.y - c.y) + square(b) * (c.y - a.y) + square(c) * (a.y - b.y)) / twice;
          const y = (square(a) * (c.x - b.x) + square(b) * (a.x - c.x) + square(c) * (b.x - a.x)) / twice;
          consider(x, y, Math.hypot(a.x - x, a.y - y));
        }
      }
    }
    return least;
  }

  it('is the smallest that has all points', () => {
    fc.assert(
      fc.property(
        clouds.map((points) => points.slice(0, 12)),
        (points) => {
          const { centre, radius } = smallestCircle(points);
          for (const { x, y } of points)
            expect(Math.hypot(x - centre.x, y - centre.y)).toBeLessThanOrEqual(radius + 1e-6);
          const least = reference(points);
          if (Number.isFinite(least)) expect(radius).toBeCloseTo(least, 5);
        },
      ),
    );
  });
});
