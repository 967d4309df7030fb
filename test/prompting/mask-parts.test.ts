import { expect, it } from 'vitest';
import { polygonArea } from '#geometry/mask-polygon';
import { maskToLogits } from '#geometry/mask-to-logits';
import { fitToModel } from '#geometry/spaces';
import { toWirePolygons } from '#outputs/to-wire-polygons';
import { toMaskParts } from '#prompting/mask-parts';
import { rectangle } from '../geometry/rings.ts';

const size = { imageWidth: 400, imageHeight: 200 };
const withHole = [{ outer: rectangle(40, 20, 360, 180), holes: [rectangle(80, 60, 160, 120).toReversed()] }];
const areaOf = (parts: ReturnType<typeof toMaskParts>) => parts.reduce((sum, part) => sum + polygonArea(part), 0);

it('finds the holes that answers cut in by seams', () => {
  const [part, ...others] = toMaskParts({ polygons: toWirePolygons(withHole, size) }, size);
  expect([part?.holes.length, others]).toEqual([1, []]);
  expect(areaOf([part!])).toBeCloseTo(320 * 160 - 80 * 60, 0);
});

it('traces run lengths along the pixels of the photo', () => {
  const counts = [200 * 10 + 5, 20, 180, 20, 200 * 389 - 25];
  const parts = toMaskParts({ rle: { size: [200, 400], counts } }, size);
  expect(parts.map(polygonArea)).toEqual([40]);
});

it('refuses run lengths of another image, and says where height and width were exchanged', () => {
  const parts = (height: number, width: number) =>
    toMaskParts({ rle: { size: [height, width], counts: [1, 1, height * width - 2] } }, size);
  expect(() => parts(100, 100)).toThrow('has [200, 400]: give the mask at the size of the image');
  expect(() => parts(400, 200)).toThrow('height comes first');
});

it('makes logits of the share of each cell, on a photo and in a window of it', () => {
  const frame = fitToModel(400, 200);
  const logits = maskToLogits(withHole, frame);
  const logitAt = (x: number, y: number) => logits[Math.floor((y * 2.56) / 4) * 256 + Math.floor((x * 2.56) / 4)]!;
  expect([logitAt(50, 30), logitAt(120, 90), logitAt(20, 90), logits.at(-1)]).toEqual([10, -10, -10, -10]);
  const inside = logits.filter((logit) => logit > 0).length;
  expect(inside / (256 * 128)).toBeCloseTo((320 * 160 - 80 * 60) / (400 * 200), 1);

  const window = { left: 200, top: 100, width: 200, height: 100 };
  const close = maskToLogits(withHole, fitToModel(200, 100), window);
  // Beyond the mask's lower right corner, (160, 80) in the window, nothing is set.
  const closeAt = (x: number, y: number) => close[Math.floor((y * 5.12) / 4) * 256 + Math.floor((x * 5.12) / 4)]!;
  expect([closeAt(10, 10), closeAt(150, 70), closeAt(170, 70), closeAt(150, 90)]).toEqual([10, 10, -10, -10]);
});
