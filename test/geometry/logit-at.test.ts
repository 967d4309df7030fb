import { describe, expect, it } from 'vitest';
import { logitAt } from '#geometry/logit-at';
import { fitToModel, modelPoint, pixelPoint, pixelToModel } from '#geometry/spaces';
import { upsampleLogits } from '#geometry/upsample-logits';
import { logitsOf, smoothField } from './synthetic-logits.ts';

describe('logitAt', () => {
  it.each([
    [1024, 1024],
    [1024, 640],
    [300, 1024],
  ])('is the upsampled logit at the centre of each pixel, to the border (%i x %i)', (width, height) => {
    const frame = fitToModel(width, height);
    const logits = logitsOf(smoothField(5, 200), frame, -100);
    const upsampled = upsampleLogits(logits, frame);
    for (const [x, y] of [
      [0, 0],
      [width - 1, height - 1],
      [width - 1, 0],
      [123, 456],
      [200, 77],
    ] as const) {
      const point = pixelToModel(pixelPoint(x + 0.5, y + 0.5), frame);
      expect(logitAt(logits, point, frame)).toBeCloseTo(upsampled[y * width + x]!, 5);
    }
  });

  it('is constant outside the outermost samples', () => {
    const frame = fitToModel(1024, 512);
    const logits = logitsOf((x) => x, frame, -100);
    expect(logitAt(logits, modelPoint(1024, 512), frame)).toBe(1022);
    expect(logitAt(logits, modelPoint(0, 512), frame)).toBe(2);
  });
});
