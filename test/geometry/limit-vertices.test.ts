import { describe, expect, it } from 'vitest';
import { isValidPolygon } from '#geometry/is-valid-polygon';
import { limitVertices } from '#geometry/limit-vertices';
import { type Ring, signedArea } from '#geometry/mask-polygon';
import { seamParts } from '#geometry/seam-parts';
import { pixelPoint } from '#geometry/spaces';
import { hausdorffDistance } from './hausdorff-distance.ts';
import { rectangle } from './rings.ts';

/** A circle of many vertices whose radius swings by one pixel. */
const rough = (x: number, y: number, radius: number, vertices: number): Ring =>
  Array.from({ length: vertices }, (_, index) => {
    const angle = (2 * Math.PI * index) / vertices;
    const distance = radius + (index % 2);
    return pixelPoint(x + distance * Math.cos(angle), y + distance * Math.sin(angle));
  });

describe('limitVertices', () => {
  it('leaves a part that fits alone', () => {
    const polygon = { outer: rough(500, 500, 400, 950), holes: [rough(500, 500, 20, 48).toReversed()] };
    expect(seamParts([polygon])).toHaveLength(1000);
    expect(limitVertices(polygon, 1000)).toBe(polygon);
  });

  it('simplifies just as much as is needed', () => {
    const polygon = { outer: rough(500, 500, 400, 5000), holes: [rough(500, 500, 100, 800).toReversed()] };
    const limited = limitVertices(polygon, 1000);
    expect(limited.holes).toHaveLength(1);
    expect(isValidPolygon(limited)).toBe(true);
    expect(seamParts([limited]).length).toBeLessThanOrEqual(1000);
    expect(hausdorffDistance(polygon.outer, limited.outer)).toBeLessThan(1.5);
  });

  it('gives up the smallest holes only when all of them cannot fit', () => {
    const holes = Array.from({ length: 400 }, (_, index) => {
      const [x, y] = [10 + 50 * (index % 20), 10 + 50 * Math.floor(index / 20)];
      return rectangle(x, y, x + 10 + index / 20, y + 10 + index / 20).toReversed();
    });
    const limited = limitVertices({ outer: rectangle(0, 0, 1010, 1010), holes }, 1000);
    expect(isValidPolygon(limited)).toBe(true);
    expect(seamParts([limited]).length).toBeLessThanOrEqual(1000);
    // Four vertices and two for the seam, each.
    expect(limited.holes).toHaveLength(166);
    expect(new Set(limited.holes.map((hole) => signedArea(hole).toFixed(6)))).toEqual(
      new Set(holes.slice(-166).map((hole) => signedArea(hole).toFixed(6))),
    );
  });
});
