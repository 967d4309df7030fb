import type { Ring } from '#geometry/mask-polygon';

/**
 * How far two closed lines are apart at most: every point of either, sampled at each pixel, to the nearest of the
 * other.
 */
export function hausdorffDistance(a: Ring, b: Ring): number {
  return Math.sqrt(Math.max(farthestSquared(a, b), farthestSquared(b, a)));
}

function farthestSquared(from: Ring, to: Ring): number {
  let largest = 0;
  from.forEach((start, index) => {
    const end = from[(index + 1) % from.length]!;
    const steps = Math.max(1, Math.ceil(Math.hypot(end.x - start.x, end.y - start.y)));
    for (let step = 0; step < steps; step++) {
      const x = start.x + ((end.x - start.x) * step) / steps;
      const y = start.y + ((end.y - start.y) * step) / steps;
      largest = Math.max(largest, squaredDistance(x, y, to));
    }
  });
  return largest;
}

function squaredDistance(x: number, y: number, ring: Ring): number {
  let smallest = Number.POSITIVE_INFINITY;
  let from = ring.at(-1)!;
  for (const to of ring) {
    const dx = to.x - from.x;
    const dy = to.y - from.y;
    const along = ((x - from.x) * dx + (y - from.y) * dy) / (dx * dx + dy * dy || 1);
    const t = Math.min(Math.max(along, 0), 1);
    smallest = Math.min(smallest, (from.x + t * dx - x) ** 2 + (from.y + t * dy - y) ** 2);
    from = to;
  }
  return smallest;
}
