import { describe, expect, it } from 'vitest';
import { fitToModel } from '#geometry/spaces';
import { canUseBuckets, chooseInputSize } from '../../src/models/aspect-buckets.ts';

/** The size of the input for an image of the given size, as `width x height`. */
function sizeFor(imageWidth: number, imageHeight: number): string {
  const { width, height } = chooseInputSize(fitToModel(imageWidth, imageHeight));
  return `${width} x ${height}`;
}

describe('chooseInputSize', () => {
  it.each([
    ['4:3', 4000, 3000, '1024 x 832'],
    ['4:3, small', 640, 480, '1024 x 832'],
    ['4:3, a row too high', 640, 481, '1024 x 896'],
    ['3:2', 6000, 4000, '1024 x 768'],
    ['3:2 as cameras cut it', 5472, 3648, '1024 x 768'],
    ['16:9', 1920, 1080, '1024 x 640'],
    ['5:4', 1280, 1024, '1024 x 896'],
    ['nearly square', 1100, 1000, '1024 x 1024'],
    ['square', 3000, 3000, '1024 x 1024'],
    ['panorama', 12_000, 2000, '1024 x 640'],
    ['a line', 50_000, 1, '1024 x 640'],
    ['a pixel', 1, 1, '1024 x 1024'],
  ])('%s', (_, longer, shorter, expected) => {
    expect(sizeFor(longer, shorter)).toBe(expected);
    const turned = expected.split(' x ').reverse().join(' x ');
    expect(sizeFor(shorter, longer)).toBe(turned);
  });

  it('leaves every image its margin, in few sizes', () => {
    const sizes = new Set<string>();
    for (let modelHeight = 1; modelHeight <= 1024; modelHeight++) {
      const { width, height } = chooseInputSize({ modelWidth: 1024, modelHeight });
      expect(width).toBe(1024);
      expect(height).toBeGreaterThanOrEqual(Math.min(1024, modelHeight + 64));
      expect(height % 64).toBe(0);
      sizes.add(`${width} x ${height}`);
    }
    expect(sizes.size).toBe(5);
  });
});

it('only the rebuilt encoder, on a CPU, comes in several sizes', () => {
  expect(canUseBuckets({ flavour: 'mobilesam' }, 'cpu')).toBe(true);
  expect(canUseBuckets({ flavour: 'mobilesam' }, 'cuda')).toBe(false);
  expect(canUseBuckets({ flavour: 'sam' }, 'cpu')).toBe(false);
});
