import { describe, expect, it } from 'vitest';
import { fitToModel } from '#geometry/spaces';
import { upsampleLogits } from '#geometry/upsample-logits';
import { logitsOf, threshold } from './synthetic-logits.ts';

describe('upsampleLogits', () => {
  it('keeps a plane a plane away from the border', () => {
    const frame = fitToModel(512, 256);
    const upsampled = upsampleLogits(
      logitsOf((x, y) => x - 2 * y, frame),
      frame,
    );
    // The centre of pixel (100, 60) is at model point (201, 121).
    expect(upsampled[60 * 512 + 100]).toBeCloseTo(201 - 2 * 121, 3);
  });

  it('repeats the last sample at the border and leaves the padding out', () => {
    const frame = fitToModel(1000, 51);
    const upsampled = upsampleLogits(
      logitsOf(() => 3, frame, -100),
      frame,
    );
    expect(upsampled).toEqual(new Float32Array(1000 * 51).fill(3));
  });

  it('answers one logit a pixel for the smallest and for elongated images', () => {
    for (const [width, height] of [
      [1, 1],
      [20, 1],
      [1, 20],
      [3000, 2],
    ] as const) {
      const frame = fitToModel(width, height);
      const mask = threshold(
        upsampleLogits(
          logitsOf(() => 1, frame),
          frame,
        ),
      );
      expect(mask).toEqual(new Uint8Array(width * height).fill(1));
    }
  });
});
