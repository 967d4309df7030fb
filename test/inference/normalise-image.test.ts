import { expect, it } from 'vitest';
import { normaliseImage } from '../../src/inference/normalise-image.ts';
import { MOBILE_SAM } from '../../src/models/catalogue.ts';

const { preprocessing } = MOBILE_SAM;
const SIDE = 1024;
const PLANE = SIDE * SIDE;

const solid = (modelWidth: number, modelHeight: number, colour: number[]) => ({
  rgb: Uint8Array.from({ length: modelWidth * modelHeight * 3 }, (_, i) => colour[i % 3]!),
  modelWidth,
  modelHeight,
  imageWidth: modelWidth,
  imageHeight: modelHeight,
});

it('normalises each channel in its plane and leaves zeros beside the image, whatever was there before', () => {
  const planes = new Float32Array(3 * PLANE);
  normaliseImage(solid(1024, 1024, [255, 255, 255]), preprocessing, planes);
  const image = solid(1024, 2, [10, 20, 30]);
  image.rgb.set([200, 100, 50], (1 * 1024 + 1023) * 3);
  normaliseImage(image, preprocessing, planes);

  const channels = [0, 1, 2];
  const normalised = (colour: number[]) =>
    channels.map((c) => Math.fround((colour[c]! - preprocessing.mean[c]!) / preprocessing.deviation[c]!));
  expect(channels.map((c) => planes[c * PLANE])).toEqual(normalised([10, 20, 30]));
  expect(channels.map((c) => planes[c * PLANE + SIDE + 1023])).toEqual(normalised([200, 100, 50]));
  for (const c of channels) {
    const padding = planes.subarray(c * PLANE + 2 * SIDE, (c + 1) * PLANE);
    expect(padding.every((value) => value === 0)).toBe(true);
  }
});

it('leaves zeros to the right of a tall image', () => {
  const planes = new Float32Array(3 * PLANE).fill(9);
  normaliseImage(solid(3, 1024, [10, 20, 30]), preprocessing, planes);
  expect(planes[2]).not.toBe(0);
  expect(planes.subarray(3, SIDE).every((value) => value === 0)).toBe(true);
});
