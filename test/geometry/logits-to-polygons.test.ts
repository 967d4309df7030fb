import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isValidPolygon } from '#geometry/is-valid-polygon';
import { DEFAULT_POLYGON_OPTIONS, logitsToPolygons } from '#geometry/logits-to-polygons';
import { maskIou } from '#geometry/mask-iou';
import { polygonArea } from '#geometry/mask-polygon';
import { rasterise } from '#geometry/rasterise';
import { MAX_AREA_CHANGE } from '#geometry/simplify-polygon';
import { fitToModel, type ModelFrame, pixelPoint, pixelsPerModelPixel } from '#geometry/spaces';
import { upsampleLogits } from '#geometry/upsample-logits';
import { toWirePolygons } from '#outputs/to-wire-polygons';
import { hausdorffDistance } from './hausdorff-distance.ts';
import { fromWire, ringsOf } from './rings.ts';
import { box, disc, logitsOf, randomNumbers, smoothField, threshold, union, without } from './synthetic-logits.ts';

const masksAgree = (logits: Float32Array, frame: ModelFrame) => {
  const mask = rasterise(logitsToPolygons(logits, frame), frame.imageWidth, frame.imageHeight);
  return maskIou(mask, threshold(upsampleLogits(logits, frame)));
};

describe('logitsToPolygons', () => {
  it.each([
    ['a disc', disc(400, 350, 200), 1, 0],
    ['a disc with two holes', without(disc(400, 350, 300), disc(300, 300, 60), disc(500, 400, 90)), 1, 2],
    ['three parts', union(disc(150, 350, 100), box(400.5, 100.5, 600.5, 500.5), disc(850, 350, 120)), 3, 0],
    ['a thin frame', without(box(100.5, 100.5, 900.5, 600.5), box(112.5, 112.5, 888.5, 588.5)), 1, 1],
    ['a shape over every border', without(box(-9, -9, 2000, 2000), disc(500, 350, 200)), 1, 1],
  ])('makes %s few vertices at little loss', (_, field, parts, holes) => {
    const frame = fitToModel(960, 640);
    const polygons = logitsToPolygons(logitsOf(field, frame), frame);
    expect(polygons).toHaveLength(parts);
    expect(polygons.flatMap((polygon) => polygon.holes)).toHaveLength(holes);
    expect(ringsOf(polygons).flat().length).toBeLessThan(100);
    expect(masksAgree(logitsOf(field, frame), frame)).toBeGreaterThan(0.98);
  });

  it('makes a mask of the whole image its four corners, at any aspect ratio', () => {
    for (const [width, height] of [
      [1, 1],
      [20, 1],
      [1, 20],
      [1000, 50],
      [50, 1000],
      [641, 479],
    ] as const) {
      const frame = fitToModel(width, height);
      const whole = logitsToPolygons(
        logitsOf(() => 1, frame),
        frame,
      );
      expect(toWirePolygons(whole, frame)).toEqual([
        {
          vertices: [
            { x: 0, y: 0 },
            { x: 1, y: 0 },
            { x: 1, y: 1 },
            { x: 0, y: 1 },
          ],
        },
      ]);
    }
  });

  it('makes nothing of an empty mask', () => {
    expect(logitsToPolygons(new Float32Array(256 * 256).fill(-3), fitToModel(640, 480))).toEqual([]);
    expect(toWirePolygons([], fitToModel(640, 480))).toEqual([]);
  });

  it('drops specks and pinholes, unless they are all there is', () => {
    const frame = fitToModel(1024, 1024);
    const speck = disc(902, 902, 10);
    const speckled = union(without(disc(400, 400, 300), disc(402, 402, 8)), speck);
    expect(logitsToPolygons(logitsOf(speckled, frame), frame)).toMatchObject([{ holes: [] }]);
    expect(logitsToPolygons(logitsOf(speck, frame), frame)).toHaveLength(1);
    const kept = logitsToPolygons(logitsOf(speckled, frame), frame, { minPartFraction: 0, minHoleFraction: 0 });
    expect(kept.map(({ holes }) => holes.length)).toEqual([1, 0]);
  });

  it('keeps a speck that a foreground point marks, and a pinhole that a background point marks', () => {
    const frame = fitToModel(1024, 1024);
    const logits = logitsOf(union(without(disc(400, 400, 300), disc(402, 402, 8)), disc(902, 902, 10)), frame);
    const marks = [
      { at: pixelPoint(902, 902), isForeground: true },
      { at: pixelPoint(402, 402), isForeground: false },
    ];
    const marked = logitsToPolygons(logits, frame, { marks });
    expect(marked.map(({ holes }) => holes.length)).toEqual([1, 0]);
    const unmarked = logitsToPolygons(logits, frame, { marks: [{ at: pixelPoint(400, 200), isForeground: true }] });
    expect(unmarked.map(({ holes }) => holes.length)).toEqual([0]);
  });

  it('simplifies a large photo as much as a small one', () => {
    const vertexCounts = [500, 1000, 8000].map((side) => {
      const frame = fitToModel(side, side);
      return logitsToPolygons(logitsOf(smoothField(7, 300), frame), frame).map(({ outer }) => outer.length);
    });
    expect(vertexCounts[1]).toEqual(vertexCounts[0]);
    expect(vertexCounts[2]).toEqual(vertexCounts[0]);
  });

  it('refuses logits of another size', () => {
    expect(() => logitsToPolygons(new Float32Array(100), fitToModel(640, 480))).toThrow(/256 x 256 logits, got 100/);
  });

  it('holds the error bound on any mask, with valid rings, in the image, and the same by both fill rules on the wire', () => {
    const input = fc.record({
      seed: fc.integer({ min: 0, max: 2 ** 31 }),
      width: fc.integer({ min: 20, max: 300 }),
      ratio: fc.double({ min: -Math.log(20), max: Math.log(20), noNaN: true }),
      wavelength: fc.integer({ min: 80, max: 600 }),
      noise: fc.constantFrom(0, 0, 0, 0.1),
      toleranceModelPx: fc.constantFrom(0.5, DEFAULT_POLYGON_OPTIONS.toleranceModelPx, 6),
    });
    fc.assert(
      fc.property(input, ({ seed, width, ratio, wavelength, noise, toleranceModelPx }) => {
        const height = Math.max(1, Math.round(width * Math.exp(ratio)));
        const frame = fitToModel(width, height);
        const random = randomNumbers(seed);
        const smooth = smoothField(seed, wavelength);
        const logits = logitsOf((x, y) => smooth(x, y) + noise * (random() - 0.5), frame, 5);
        const exact = logitsToPolygons(logits, frame, { toleranceModelPx: 0 });
        const polygons = logitsToPolygons(logits, frame, { toleranceModelPx });

        const tolerancePx = toleranceModelPx * pixelsPerModelPixel(frame);
        const distances = ringsOf(polygons).map((ring, index) => hausdorffDistance(ring, ringsOf(exact)[index]!));
        expect(Math.max(0, ...distances)).toBeLessThanOrEqual(tolerancePx + 1e-9);
        const areaChanges = polygons.map((part, index) => Math.abs(polygonArea(part) / polygonArea(exact[index]!) - 1));
        expect(Math.max(0, ...areaChanges)).toBeLessThanOrEqual(MAX_AREA_CHANGE);
        expect(polygons.every(isValidPolygon)).toBe(true);

        const wire = toWirePolygons(polygons, frame);
        expect(wire).toHaveLength(polygons.length);
        for (const { vertices } of wire) {
          expect(vertices.length).toBeGreaterThanOrEqual(3);
          expect(vertices.length).toBeLessThanOrEqual(1000);
          expect(vertices.filter(({ x, y }) => !(x >= 0 && x <= 1 && y >= 0 && y <= 1))).toEqual([]);
        }
        const seamed = wire.map((polygon) => fromWire(polygon, frame));
        expect(
          maskIou(rasterise(seamed, width, height, 'non-zero'), rasterise(seamed, width, height, 'even-odd')),
        ).toBe(1);
      }),
      { numRuns: 40 },
    );
  });
});
