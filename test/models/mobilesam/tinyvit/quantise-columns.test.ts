import { describe, expect, it } from 'vitest';
import { quantiseColumns } from '../../../../src/models/mobilesam/tinyvit/quantise-columns.ts';

describe('quantiseColumns', () => {
  it('gives each column its own scale, so that the largest value of each becomes 127', () => {
    const { values, scales } = quantiseColumns(Float32Array.of(1, -0.004, 0.25, 0.003), 2);
    expect([...values]).toEqual([127, -127, 32, 95]);
    expect(scales[0]).toBeCloseTo(1 / 127, 6);
    expect(scales[1]).toBeCloseTo(0.004 / 127, 8);
  });

  it('keeps a column of zeros', () => {
    const { values, scales } = quantiseColumns(Float32Array.of(0, 2, 0, -2), 2);
    expect([...values]).toEqual([0, 127, 0, -127]);
    expect(scales[0]).toBeGreaterThan(0);
  });
});
