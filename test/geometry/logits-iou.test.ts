import { describe, expect, it } from 'vitest';
import { logitsIou } from '#geometry/logits-iou';
import { fitToModel } from '#geometry/spaces';
import { logitsOf } from './synthetic-logits.ts';

describe('logitsIou', () => {
  it('compares what lies on the image, whatever the padding holds', () => {
    const frame = fitToModel(1024, 512);
    const half = logitsOf((x) => 512 - x, frame, 1);
    const quarter = logitsOf((x) => 256 - x, frame, -1);
    const nothing = logitsOf(() => -1, frame, 1);
    expect(logitsIou(half, quarter, frame)).toBeCloseTo(0.5, 6);
    expect(logitsIou(half, half, frame)).toBe(1);
    expect(logitsIou(half, nothing, frame)).toBe(0);
    expect(logitsIou(nothing, nothing, frame)).toBe(0);
  });
});
