import { expect, it } from 'vitest';
import { normaliseImage } from '../../src/engine/normalise-image.ts';
import { SQUARE } from '../../src/models/aspect-buckets.ts';
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

it('normalises each channel in its plane and leaves zeros outside the image, whatever was there before', () => {
  const memory = new Float32Array(3 * PLANE);
  normaliseImage(solid(1024, 1024, [255, 255, 255]), preprocessing, SQUARE, memory);
  const image = solid(1024, 2, [10, 20, 30]);
  image.rgb.set([200, 100, 50], (1 * 1024 + 1023) * 3);
  const { data: planes, dims } = normaliseImage(image, preprocessing, SQUARE, memory);
  expect(dims).toEqual([1, 3, 1024, 1024]);

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

it.each([
  ['landscape', { width: 1024, height: 640 }, solid(1024, 576, [10, 20, 30])],
  ['portrait', { width: 768, height: 1024 }, solid(683, 1024, [10, 20, 30])],
])('lays a %s into planes of the size asked for, zeros to the right and below', (_, size, image) => {
  const memory = new Float32Array(3 * PLANE).fill(9);
  const { data, dims } = normaliseImage(image, preprocessing, size, memory);
  expect(dims).toEqual([1, 3, size.height, size.width]);
  expect(data.length).toBe(3 * size.height * size.width);
  const square = normaliseImage(image, preprocessing, SQUARE, new Float32Array(3 * PLANE)).data;
  const differences = data.filter((value, i) => {
    const [x, row] = [i % size.width, Math.floor(i / size.width)];
    const [y, channel] = [row % size.height, Math.floor(row / size.height)];
    return value !== square[channel * PLANE + y * SIDE + x];
  });
  expect(differences).toHaveLength(0);
});
