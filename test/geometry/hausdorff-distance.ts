import type { Ring } from '../../src/geometry/mask-polygon.ts';

/** How far two closed lines are apart at most: every point of either, sampled each half pixel, to the nearest of the other. */
export function hausdorffDistance(a: Ring, b: Ring): number {
  return Math.max(farthest(a, b), farthest(b, a));
}

function farthest(from: Ring, to: Ring): number {
  let largest = 0;
  forEachEdge(from, (ax, ay, bx, by) => {
    const steps = Math.max(1, Math.ceil(Math.hypot(bx - ax, by - ay) * 2));
    for (let step = 0; step < steps; step++) {
      largest = Math.max(largest, distanceToRing(ax + ((bx - ax) * step) / steps, ay + ((by - ay) * step) / steps, to));
    }
  });
  return largest;
}

function distanceToRing(x: number, y: number, ring: Ring): number {
  let smallest = Number.POSITIVE_INFINITY;
  forEachEdge(ring, (ax, ay, bx, by) => {
    const squaredLength = (bx - ax) ** 2 + (by - ay) ** 2;
    const along = squaredLength === 0 ? 0 : ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / squaredLength;
    const t = Math.min(Math.max(along, 0), 1);
    smallest = Math.min(smallest, Math.hypot(ax + t * (bx - ax) - x, ay + t * (by - ay) - y));
  });
  return smallest;
}

function forEachEdge(ring: Ring, visit: (ax: number, ay: number, bx: number, by: number) => void): void {
  for (let index = 0; index < ring.length; index++) {
    const from = ring[index];
    const to = ring[(index + 1) % ring.length];
    visit(from.x, from.y, to.x, to.y);
  }
}
