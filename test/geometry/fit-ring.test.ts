import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitRing } from '#geometry/fit-ring';
import { type Ring, signedArea } from '#geometry/mask-polygon';
import { simplifyRing } from '#geometry/simplify-ring';
import { hausdorffDistance } from './hausdorff-distance.ts';
import { rectangle, ringOf, wobbly } from './rings.ts';
import { randomNumbers } from './synthetic-logits.ts';

/**
 * Squared distance of `ring` to its simplification, integrated along `ring` by its midpoints, and the price of what is
 * kept.
 */
function costOf(ring: Ring, kept: Ring, vertexPrice: number): number {
  const places = kept.map((vertex) => ring.indexOf(vertex));
  let cost = kept.length * vertexPrice;
  places.forEach((from, index) => {
    const to = places[(index + 1) % places.length]!;
    const [a, b] = [ring[from]!, ring[to]!];
    const chord = Math.hypot(b.x - a.x, b.y - a.y);
    const distanceTo = ({ x, y }: { x: number; y: number }) =>
      ((x - a.x) * (b.y - a.y) - (y - a.y) * (b.x - a.x)) / chord;
    for (let step = from; step !== to; step = (step + 1) % ring.length) {
      const [start, end] = [ring[step]!, ring[(step + 1) % ring.length]!];
      const [u, v] = [distanceTo(start), distanceTo(end)];
      cost += (Math.hypot(end.x - start.x, end.y - start.y) * (u * u + u * v + v * v)) / 3;
    }
  });
  return cost;
}

/** The least cost of all choices of vertices that keep the first corner and the tolerance, one by one. */
function leastCost(ring: Ring, kept: Ring, tolerancePx: number, vertexPrice: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let choice = 1; choice < 2 ** ring.length; choice++) {
    const chosen = ring.filter((_, index) => choice & (2 ** index));
    if (chosen.length < 3 || hausdorffDistance(ring, chosen) > tolerancePx) continue;
    // The vertex where the search begins is kept whatever it costs.
    if (!chosen.some((vertex) => kept.includes(vertex))) continue;
    least = Math.min(least, costOf(ring, chosen, vertexPrice));
  }
  return least;
}

describe('fitRing', () => {
  it('keeps lines within the tolerance of each other, both ways, whatever a vertex costs', () => {
    const radii = fc.array(fc.double({ min: 20, max: 90, noNaN: true }), { minLength: 4, maxLength: 60 });
    const input = [radii, fc.double({ min: 0, max: 10, noNaN: true }), fc.constantFrom(0, 10, 1e9)] as const;
    fc.assert(
      fc.property(...input, (lengths, tolerance, price) => {
        const ring = wobbly(lengths);
        const fitted = fitRing(ring, tolerance, price);
        expect(ring.filter((vertex) => fitted.includes(vertex))).toEqual(fitted);
        expect(hausdorffDistance(ring, fitted)).toBeLessThanOrEqual(tolerance + 1e-9);
      }),
    );
  });

  it('makes the cheapest choice of all', () => {
    for (let seed = 1; seed <= 4; seed++) {
      const random = randomNumbers(seed);
      const ring = wobbly(Array.from({ length: 7 }, () => 60 + 12 * random()));
      for (const [tolerance, price] of [
        [5, 100],
        [15, 400],
        [15, 5],
      ] as const) {
        const fitted = fitRing(ring, tolerance, price);
        expect(costOf(ring, fitted, price)).toBeLessThanOrEqual(leastCost(ring, fitted, tolerance, price) * (1 + 1e-9));
      }
    }
  });

  it('loses less area than Douglas and Peucker at the same number of vertices', () => {
    const random = randomNumbers(3);
    const ring = wobbly(Array.from({ length: 400 }, (_, index) => 60 + 20 * Math.sin(index / 20) + 2 * random()));
    const fitted = fitRing(ring, 3, 30);
    const tolerances = Array.from({ length: 40 }, (_, step) => 0.5 + step / 10);
    const rival = tolerances
      .map((tolerance) => simplifyRing(ring, tolerance))
      .find((line) => line.length <= fitted.length)!;
    expect(costOf(ring, fitted, 0)).toBeLessThan(0.8 * costOf(ring, rival, 0));
    expect(Math.abs(signedArea(fitted) / signedArea(ring) - 1)).toBeLessThan(0.01);
  });

  it('takes points within straight runs, and leaves triangles alone', () => {
    const ring = ringOf([5, 0], [10, 0], [10, 4], [10, 10], [7, 10], [0, 10], [0, 8], [0, 2], [0, 0], [2, 0]);
    expect(fitRing(ring, 0, 1)).toEqual(ringOf([10, 0], [10, 10], [0, 10], [0, 0]));
    const triangle = ringOf([0, 0], [1, 0], [0, 1]);
    expect(fitRing(triangle, 100, 100)).toBe(triangle);
    expect(fitRing([], 1, 1)).toEqual([]);
  });

  it('may leave a line of two vertices of what is thinner than the tolerance, never less', () => {
    expect(fitRing(rectangle(0, 0, 50, 1), 2, 1e9)).toHaveLength(2);
    expect(fitRing(rectangle(0, 0, 1, 1), 50, 1e9)).toHaveLength(2);
  });
});
