import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contourLogits } from '#geometry/contour-logits';
import { isValidPolygon } from '#geometry/is-valid-polygon';
import { createLogitGrid } from '#geometry/logit-grid';
import { maskIou } from '#geometry/mask-iou';
import { type MaskPolygon, polygonArea, signedArea } from '#geometry/mask-polygon';
import { rasterise } from '#geometry/rasterise';
import { fitToModel, type ModelFrame } from '#geometry/spaces';
import { upsampleLogits } from '#geometry/upsample-logits';
import { ringsOf } from './rings.ts';
import { box, disc, logitsOf, randomNumbers, smoothField, threshold, union, without } from './synthetic-logits.ts';

const square = fitToModel(1024, 1024);
const contoursOf = (logits: Float32Array, frame: ModelFrame) => contourLogits(createLogitGrid(logits, frame));

function agreement(logits: Float32Array, frame: ModelFrame): number {
  const polygons = contoursOf(logits, frame);
  const mask = rasterise(polygons, frame.imageWidth, frame.imageHeight);
  return maskIou(mask, threshold(upsampleLogits(logits, frame)));
}

describe('contours of known shapes', () => {
  const shapes = {
    'a disc': disc(500, 300, 200),
    'a ring': without(disc(500, 350, 250), disc(500, 350, 150)),
    'a bar two cells thin': box(101.3, 301.3, 901.3, 309.3),
    'a cross of thin bars': union(box(100, 330, 900, 342), box(480, 50, 492, 600)),
    'a shape over every border': without(box(-50, -50, 2000, 2000), disc(500, 350, 120)),
    'a shape over one corner': disc(0, 0, 300),
    'many parts': union(...Array.from({ length: 20 }, (_, i) => disc(60 + 100 * (i % 10), 150 + i * 20, 30))),
    'a part in the hole of another': union(without(disc(500, 350, 300), disc(500, 350, 200)), disc(500, 350, 90)),
  };
  const frames = [fitToModel(640, 480), fitToModel(1024, 700), fitToModel(1500, 1001), fitToModel(301, 200)];

  it.each(Object.entries(shapes))('%s: rasterised, they are the upsampled logits', (_, shape) => {
    for (const frame of frames) expect(agreement(logitsOf(shape, frame), frame)).toBeGreaterThanOrEqual(0.997);
  });

  it('finds the area of a disc', () => {
    const [polygon, ...others] = contoursOf(logitsOf(disc(500, 500, 200), square), square);
    expect(others).toEqual([]);
    expect(polygonArea(polygon!) / (Math.PI * 200 ** 2)).toBeCloseTo(1, 3);
  });

  it('gives each hole to its part, also over several levels', () => {
    const rings = (radius: number) => without(disc(500, 500, radius), disc(500, 500, radius - 40));
    const field = union(
      rings(400),
      rings(300),
      rings(200),
      disc(100, 100, 50),
      without(disc(900, 900, 60), disc(900, 900, 20)),
    );
    const polygons = contoursOf(logitsOf(field, square), square);
    const shape = (polygon: MaskPolygon) => ({
      radius: Math.round(Math.sqrt(signedArea(polygon!.outer) / Math.PI)),
      holes: polygon.holes.map((hole) => Math.round(Math.sqrt(-signedArea(hole) / Math.PI))),
    });
    expect(polygons.map(shape).toSorted((a, b) => b.radius - a.radius)).toEqual([
      { radius: 400, holes: [360] },
      { radius: 300, holes: [260] },
      { radius: 200, holes: [160] },
      { radius: 60, holes: [20] },
      { radius: 50, holes: [] },
    ]);
  });
});

describe('saddles', () => {
  const checkerboard = (inside: number, outside: number) =>
    logitsOf((x, y) => {
      const column = Math.floor(x / 4) - 100;
      const row = Math.floor(y / 4) - 100;
      if (column < 0 || row < 0 || column >= 8 || row >= 8) return -1;
      return (column + row) % 2 === 0 ? inside : outside;
    }, square);

  it('parts the squares of a checkerboard that touch at corners only, when neither colour is stronger', () => {
    const polygons = contoursOf(checkerboard(1, -1), square);
    expect(polygons).toHaveLength(32);
    expect(ringsOf(polygons)).toHaveLength(32);
  });

  it('joins them when the inside is stronger', () => {
    const polygons = contoursOf(checkerboard(3, -1), square);
    expect(polygons).toHaveLength(1);
    expect(polygons[0]!.holes).toHaveLength(18);
  });
});

describe('borders', () => {
  const sizes: [number, number][] = [
    [1, 1],
    [2, 1],
    [20, 1],
    [1, 20],
    [7, 5],
    [1000, 50],
    [1000, 51],
    [50, 1000],
    [1024, 51],
    [640, 480],
    [333, 500],
    [8000, 400],
    [5000, 1],
  ];

  it.each(sizes)('%i x %i: a mask of the whole image runs along its border exactly', (width, height) => {
    const frame = fitToModel(width, height);
    for (const padding of [-10, 10]) {
      const [polygon, ...others] = contoursOf(
        logitsOf(() => 0.01, frame, padding),
        frame,
      );
      expect(others).toEqual([]);
      expect(polygonArea(polygon!)).toBeCloseTo(width * height, 6);
      expect(polygon!.outer.every(({ x, y }) => x === 0 || y === 0 || x === width || y === height)).toBe(true);
    }
  });

  it.each(sizes)('%i x %i: a mask of nothing has no contours, whatever the padding says', (width, height) => {
    const frame = fitToModel(width, height);
    expect(
      contoursOf(
        logitsOf(() => 0, frame, 10),
        frame,
      ),
    ).toEqual([]);
  });

  it.each(sizes)('%i x %i: half the image is half the area and reaches three borders', (width, height) => {
    const frame = fitToModel(width, height);
    const middle = frame.modelWidth / 2;
    const [polygon] = contoursOf(
      logitsOf((x) => middle - x, frame, 10),
      frame,
    );
    expect(polygonArea(polygon!) / (width * height)).toBeCloseTo(0.5, 3);
    expect(Math.min(...polygon!.outer.map(({ x }) => x))).toBe(0);
    expect(Math.min(...polygon!.outer.map(({ y }) => y))).toBe(0);
    expect(Math.max(...polygon!.outer.map(({ y }) => y))).toBe(height);
  });
});

describe('any logits', () => {
  const seed = fc.integer({ min: 0, max: 2 ** 31 });
  const side = fc.integer({ min: 150, max: 600 });

  it('smooth ones: rasterised contours are the upsampled mask', () => {
    fc.assert(
      fc.property(seed, side, side, fc.integer({ min: 60, max: 600 }), (number, width, height, wavelength) => {
        const frame = fitToModel(width, height);
        expect(agreement(logitsOf(smoothField(number, wavelength), frame), frame)).toBeGreaterThanOrEqual(0.99);
      }),
      { numRuns: 40 },
    );
  });

  it('speckled ones: rings are valid, run the right way round and stay in the image', () => {
    fc.assert(
      fc.property(seed, side, side, fc.double({ min: 0, max: 3, noNaN: true }), (number, width, height, noise) => {
        const frame = fitToModel(width, height);
        const random = randomNumbers(number);
        const smooth = smoothField(number, 200);
        const field = (x: number, y: number) => smooth(x, y) + noise * (random() - 0.5);
        const polygons = contoursOf(logitsOf(field, frame), frame);
        for (const polygon of polygons) {
          expect(isValidPolygon(polygon)).toBe(true);
          expect(signedArea(polygon!.outer)).toBeGreaterThan(0);
          expect(polygon.holes.every((hole) => signedArea(hole) < 0)).toBe(true);
        }
        const vertices = ringsOf(polygons).flat();
        expect(vertices.filter(({ x, y }) => !(x >= 0 && y >= 0 && x <= width && y <= height))).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  it('small whole numbers, with many ties and zeros: rings are still valid', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 144, maxLength: 144 }), (values) => {
        const field = (x: number, y: number) =>
          x < 48 && y < 48 ? values[Math.floor(y / 4) * 12 + Math.floor(x / 4)]! : -1;
        expect(contoursOf(logitsOf(field, square), square).every(isValidPolygon)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('not finite ones: what is not a number is outside, and vertices stay finite', () => {
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1, -1];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...odd), { minLength: 64, maxLength: 64 }), (values) => {
        const logits = logitsOf((x, y) => values[Math.floor(y / 128) * 8 + Math.floor(x / 128)]!, square);
        const vertices = ringsOf(contoursOf(logits, square)).flat();
        expect(vertices.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true);
      }),
    );
  });
});
