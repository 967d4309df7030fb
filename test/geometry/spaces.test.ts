import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fitToModel,
  GRID_SIDE,
  gridPoint,
  gridToModel,
  modelPoint,
  modelToGrid,
  modelToPixel,
  modelToUnit,
  pixelPoint,
  pixelsPerModelPixel,
  pixelToModel,
  pixelToUnit,
  unitPoint,
  unitToModel,
  unitToPixel,
  validSamples,
} from '#geometry/spaces';

const anyFrame = fc
  .tuple(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 20_000 }))
  .map(([width, height]) => fitToModel(width, height));
const fraction = fc.double({ min: 0, max: 1, noNaN: true });

describe('fitToModel', () => {
  it.each([
    [640, 480, 1024, 768],
    [480, 640, 768, 1024],
    [1000, 50, 1024, 51],
    [4000, 3000, 1024, 768],
    [1, 1, 1024, 1024],
    [20, 1, 1024, 51],
    [5000, 1, 1024, 1],
  ])('resizes %i x %i to %i x %i', (width, height, modelWidth, modelHeight) => {
    expect(fitToModel(width, height)).toEqual({ imageWidth: width, imageHeight: height, modelWidth, modelHeight });
  });

  it('makes the longest side 1024 and no side empty', () => {
    fc.assert(
      fc.property(anyFrame, ({ modelWidth, modelHeight }) => {
        expect(Math.max(modelWidth, modelHeight)).toBe(1024);
        expect(Math.min(modelWidth, modelHeight)).toBeGreaterThanOrEqual(1);
      }),
    );
  });
});

describe('conversions', () => {
  it('lead from unit space over all others and back', () => {
    fc.assert(
      fc.property(anyFrame, fraction, fraction, (frame, x, y) => {
        const pixel = unitToPixel(unitPoint(x, y), frame);
        const model = modelPoint(unitToModel(unitPoint(x, y), frame).x, pixelToModel(pixel, frame).y);
        const grid = modelToGrid(model);
        const back = pixelToUnit(modelToPixel(gridToModel(grid), frame), frame);
        expect(back.x).toBeCloseTo(x, 9);
        expect(back.y).toBeCloseTo(y, 9);
        expect(modelToUnit(model, frame).x).toBeCloseTo(x, 9);
      }),
    );
  });

  it('put the corner of the image on the corner of the resized image, although that size is rounded', () => {
    const frame = fitToModel(1000, 333);
    expect(frame.modelHeight).toBe(341);
    expect(modelToPixel(modelPoint(1024, 341), frame)).toEqual(pixelPoint(1000, 333));
    expect(pixelToModel(pixelPoint(1000, 333), frame)).toEqual(modelPoint(1024, 341));
  });

  it('put a grid sample at the centre of its four by four model pixels', () => {
    expect(gridToModel(gridPoint(0, 255))).toEqual(modelPoint(2, 1022));
    expect(modelToGrid(modelPoint(4, 6))).toEqual(gridPoint(0.5, 1));
  });
});

describe('pixelsPerModelPixel', () => {
  it('takes the axis with fewer image pixels', () => {
    expect(pixelsPerModelPixel(fitToModel(2048, 1024))).toBe(2);
    expect(pixelsPerModelPixel(fitToModel(5000, 1))).toBe(1);
  });
});

describe('validSamples', () => {
  it('counts samples whose centre is on the image, and one at least', () => {
    expect(validSamples(1024)).toBe(GRID_SIDE);
    expect(validSamples(51)).toBe(13);
    expect(validSamples(50)).toBe(12);
    expect(validSamples(1)).toBe(1);
  });
});
