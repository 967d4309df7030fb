import { describe, expect, it } from 'vitest';
import { isValidPolygon } from '#geometry/is-valid-polygon';
import { type MaskPolygon, polygonArea, polygonContains } from '#geometry/mask-polygon';
import { MAX_AREA_CHANGE, simplifyPolygon, simplifyRings } from '#geometry/simplify-polygon';
import { pixelPoint } from '#geometry/spaces';
import { hausdorffDistance } from './hausdorff-distance.ts';
import { rectangle, ringOf } from './rings.ts';

describe('simplifyPolygon', () => {
  it('keeps thin parts and small holes, of which a plain simplification leaves nothing', () => {
    const polygon = { outer: rectangle(0, 0, 200, 2), holes: [rectangle(50, 0.5, 150, 1.5).toReversed()] };
    expect(simplifyRings(polygon, () => 3).outer).toHaveLength(2);
    expect(simplifyPolygon(polygon, { tolerancePx: 3, vertexPrice: 1 })).toEqual(polygon);
  });

  it.each([0, 0.6, 0.95])('changes little of a small part, also of a thin ring (hole of %d radii)', (hole) => {
    const circle = (radius: number) =>
      Array.from({ length: 200 }, (_, index) => {
        const angle = (2 * Math.PI * index) / 200;
        return pixelPoint(10 + radius * Math.cos(angle), 10 + radius * Math.sin(angle));
      });
    const polygon = { outer: circle(8), holes: hole > 0 ? [circle(8 * hole).toReversed()] : [] };
    const simplified = simplifyPolygon(polygon, { tolerancePx: 50, vertexPrice: 100 });
    expect(simplified.outer.length).toBeLessThan(100);
    expect(Math.abs(polygonArea(simplified) / polygonArea(polygon) - 1)).toBeLessThan(MAX_AREA_CHANGE);
  });

  it('simplifies less where rings would come to cross', () => {
    // A hole that reaches into a bump of the outline: at tolerance 4 the bump goes, and the hole would stick out.
    const polygon: MaskPolygon = {
      outer: ringOf([0, 0], [45, 0], [48, -3], [52, -3], [55, 0], [100, 0], [100, 60], [0, 60]),
      holes: [ringOf([40, 30], [60, 30], [50, -2])],
    };
    expect(isValidPolygon(polygon)).toBe(true);
    expect(isValidPolygon(simplifyRings(polygon, () => 4))).toBe(false);
    const simplified = simplifyPolygon(polygon, { tolerancePx: 4, vertexPrice: 100 });
    expect(isValidPolygon(simplified)).toBe(true);
    expect(hausdorffDistance(polygon.outer, simplified.outer)).toBeLessThanOrEqual(2);
  });

  it('simplifies less where a point would come to the other side', () => {
    const polygon = { outer: ringOf([0, 0], [195, 0], [200, -3], [205, 0], [400, 0], [400, 400], [0, 400]), holes: [] };
    const limits = { tolerancePx: 4, vertexPrice: 1000 };
    const inTheBump = pixelPoint(200, -1);
    expect(polygonContains(simplifyPolygon(polygon, limits), inTheBump)).toBe(false);
    const simplified = simplifyPolygon(polygon, { ...limits, fixedPoints: [pixelPoint(50, 30), inTheBump] });
    expect(polygonContains(simplified, inTheBump)).toBe(true);
  });

  it('leaves a part as it is, but for straight runs, when no tolerance keeps its rings apart', () => {
    const touching = { outer: ringOf([0, 0], [50, 0], [50, 50], [20, 0], [10, 50], [5, 50], [0, 50]), holes: [] };
    expect(simplifyPolygon(touching, { tolerancePx: 1, vertexPrice: 1 }).outer).toEqual(
      ringOf([0, 0], [50, 0], [50, 50], [20, 0], [10, 50], [0, 50]),
    );
  });
});
