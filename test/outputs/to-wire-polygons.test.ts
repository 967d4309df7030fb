import { describe, expect, it } from 'vitest';
import type { Vertex } from '#contract/vision/segment-job';
import { maskIou } from '#geometry/mask-iou';
import { signedArea } from '#geometry/mask-polygon';
import { rasterise } from '#geometry/rasterise';
import { pixelPoint } from '#geometry/spaces';
import { toWireOutlines, toWirePolygons, type WireOutline } from '#outputs/to-wire-polygons';
import { fromWire, rectangle, ringOf } from '../geometry/rings.ts';

const image = { imageWidth: 300, imageHeight: 200 };

describe('toWirePolygons', () => {
  it('writes each part as fractions of the image, rounded to six decimals', () => {
    const parts = [rectangle(0, 0, 100, 200), rectangle(200, 50, 300, 100)].map((outer) => ({ outer, holes: [] }));
    const [first, second] = toWirePolygons(parts, image);
    expect(first!.vertices).toEqual([
      { x: 0, y: 0 },
      { x: 0.333333, y: 0 },
      { x: 0.333333, y: 1 },
      { x: 0, y: 1 },
    ]);
    expect(second!.vertices[0]!).toEqual({ x: 0.666667, y: 0.25 });
  });

  it('cuts holes in so that both fill rules see them', () => {
    const part = { outer: rectangle(10, 10, 290, 190), holes: [rectangle(50.3, 50.7, 99.9, 150.2).toReversed()] };
    const polygons = toWirePolygons([part], image).map((polygon) => fromWire(polygon, image));
    const expected = rasterise([part], 300, 200);
    expect(maskIou(rasterise(polygons, 300, 200, 'even-odd'), expected)).toBe(1);
    expect(maskIou(rasterise(polygons, 300, 200, 'non-zero'), expected)).toBe(1);
  });

  it('answers 3 to 1000 vertices, whatever it is given', () => {
    const jagged = Array.from({ length: 4000 }, (_, index) => {
      const angle = (2 * Math.PI * index) / 4000;
      return pixelPoint(150 + (70 + (index % 3)) * Math.cos(angle), 100 + (70 + (index % 3)) * Math.sin(angle));
    });
    const { vertices } = toWirePolygons([{ outer: jagged, holes: [] }], image)[0]!;
    expect(vertices.length).toBeLessThanOrEqual(1000);
    expect(vertices.length).toBeGreaterThan(10);
  });

  it('never repeats a vertex, and drops parts that rounding leaves no area', () => {
    const speck = ringOf([5, 5], [5.00001, 5], [5, 5.00001]);
    const line = ringOf([5, 5], [50, 50], [20, 20]);
    const doubled = ringOf([0, 0], [30, 0], [30.00001, 0], [30, 20], [0, 0.00001]);
    const parts = [speck, line, doubled].map((outer) => ({ outer, holes: [] }));
    expect(toWirePolygons(parts, image)).toEqual([
      {
        vertices: [
          { x: 0.1, y: 0 },
          { x: 0.1, y: 0.1 },
          { x: 0, y: 0 },
        ],
      },
    ]);
  });

  it('stays in 0..1 where a vertex lies beyond the image by a rounding error', () => {
    const { vertices } = toWirePolygons([{ outer: rectangle(-1e-9, 0, 300.0000001, 200), holes: [] }], image)[0]!;
    expect(vertices.every(({ x, y }) => x >= 0 && x <= 1 && y >= 0 && y <= 1)).toBe(true);
  });
});

describe('toWireOutlines', () => {
  const part = { outer: rectangle(0, 0, 300, 200), holes: [rectangle(30, 20, 60, 40).toReversed()] };
  const area = (vertices: { x: number; y: number }[]) => Math.abs(signedArea(vertices));

  it('gives the rings that a polygon is made of, whose areas add up to that of the polygon', () => {
    const [{ polygon, rings }] = toWireOutlines([part], image) as [WireOutline];
    expect(rings.map((ring) => ring.length)).toEqual([4, 4]);
    const [outline, hole] = rings as [Vertex[], Vertex[]];
    expect([area(outline), area(hole)]).toEqual([1, expect.closeTo(0.01, 9)]);
    expect(area(polygon.vertices)).toBeCloseTo(0.99, 9);
    expect(toWirePolygons([part], image)).toEqual([polygon]);
  });

  it('drops a hole that rounding leaves no area, and has as many outlines as polygons', () => {
    const speck = ringOf([90, 90], [90.00001, 90], [90, 90.00001]);
    const parts = [
      { outer: speck, holes: [] },
      { ...part, holes: [...part.holes, speck.toReversed()] },
    ];
    expect(toWireOutlines(parts, image).map(({ rings }) => rings.length)).toEqual([2]);
  });

  it('keeps to the vertices of a polygon that has too many', () => {
    const wave = Array.from({ length: 3000 }, (_, index) => {
      const angle = (2 * Math.PI * index) / 3000;
      return pixelPoint(150 + (90 + (index % 3)) * Math.cos(angle), 100 + (90 + (index % 3)) * Math.sin(angle));
    });
    const [{ polygon, rings }] = toWireOutlines([{ outer: wave, holes: part.holes }], image) as [WireOutline];
    expect(polygon.vertices.length).toBeLessThanOrEqual(1000);
    const [outline] = rings as [Vertex[]];
    expect(outline.length).toBeLessThan(polygon.vertices.length + 1);
    expect(outline.length).toBeGreaterThan(10);
  });
});
