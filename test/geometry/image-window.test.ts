import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Prompt } from '#contract/vision/prompt';
import { type ImageWindow, moveIntoWindow, moveOutOfWindow } from '#geometry/image-window';
import { pixelPoint, unitPoint, unitToPixel } from '#geometry/spaces';

const size = { imageWidth: 4000, imageHeight: 3000 };
const window: ImageWindow = { left: 640, top: 320, width: 640, height: 320 };

it('moves box and points into the window', () => {
  const prompt: Prompt = {
    boundingBox: { xMin: 800 / 4000, yMin: 400 / 3000, xMax: 1280 / 4000, yMax: 640 / 3000 },
    points: [{ x: 640 / 4000, y: 480 / 3000, label: 0 }],
  };
  const { boundingBox, points } = moveIntoWindow(prompt, window, size);
  expect(boundingBox!.xMin).toBeCloseTo(0.25);
  expect(boundingBox!.yMin).toBeCloseTo(0.25);
  expect(boundingBox!.xMax).toBeCloseTo(1);
  expect(boundingBox!.yMax).toBeCloseTo(1);
  expect(points).toEqual([{ x: 0, y: 0.5, label: 0 }]);
  expect(moveIntoWindow({ points: prompt.points }, window, size)).not.toHaveProperty('boundingBox');
  expect(moveIntoWindow({ boundingBox: prompt.boundingBox }, window, size)).not.toHaveProperty('points');
});

it('moves outlines and holes out of the window', () => {
  const ring = [pixelPoint(0, 0), pixelPoint(9.5, 0), pixelPoint(9.5, 9)];
  const moved = [pixelPoint(640, 320), pixelPoint(649.5, 320), pixelPoint(649.5, 329)];
  expect(moveOutOfWindow([{ outer: ring, holes: [ring] }], window)).toEqual([{ outer: moved, holes: [moved] }]);
});

it('brings every place of the window back to itself, within 0..1 on the way', () => {
  const anyWindow = fc
    .tuple(fc.nat(3000), fc.nat(2000), fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 1000 }))
    .map(([left, top, width, height]): ImageWindow => ({ left, top, width, height }));
  const fraction = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(anyWindow, fraction, fraction, (part, u, v) => {
      const x = (part.left + u * part.width) / size.imageWidth;
      const y = (part.top + v * part.height) / size.imageHeight;
      fc.pre(x * size.imageWidth <= part.left + part.width && y * size.imageHeight <= part.top + part.height);
      fc.pre(x * size.imageWidth >= part.left && y * size.imageHeight >= part.top);
      const [point] = moveIntoWindow({ points: [{ x, y, label: 1 }] }, part, size).points!;
      expect(point!.x >= 0 && point!.x <= 1 && point!.y >= 0 && point!.y <= 1).toBe(true);
      const inWindow = unitToPixel(unitPoint(point!.x, point!.y), { imageWidth: part.width, imageHeight: part.height });
      const back = moveOutOfWindow([{ outer: [inWindow], holes: [] }], part)[0]!.outer[0]!;
      expect(back.x).toBeCloseTo(x * size.imageWidth, 6);
      expect(back.y).toBeCloseTo(y * size.imageHeight, 6);
    }),
  );
});
