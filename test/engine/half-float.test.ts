import { describe, expect, it } from 'vitest';
import { createHalfFloatReader, toHalfFloats } from '../../src/engine/half-float.ts';

const widen = createHalfFloatReader();
const roundTrip = (value: number): number => widen(toHalfFloats(Float32Array.of(value)))[0]!;

describe('half floats', () => {
  it('keep every number that half precision has', () => {
    const all = Uint16Array.from({ length: 0x10000 }, (_, half) => half);
    const again = toHalfFloats(widen(all));
    const isNaNHalf = (half: number) => (half & 0x7fff) > 0x7c00;
    expect(all.filter((half, i) => !isNaNHalf(half) && again[i] !== half)).toHaveLength(0);
    expect(all.filter(isNaNHalf).every((half) => Number.isNaN(roundTrip(widen(Uint16Array.of(half))[0]!)))).toBe(true);
  });

  it.each([
    [1, 1],
    [-2.5, -2.5],
    [65504, 65504],
    [65519, 65504],
    [65520, Number.POSITIVE_INFINITY],
    [-1e9, Number.NEGATIVE_INFINITY],
    [2 ** -24, 2 ** -24],
    [2 ** -25, 0],
    [2 ** -25 * 1.01, 2 ** -24],
    [-(2 ** -26), -0],
    [6.097555e-5, 6.097555160522461e-5],
  ])('round %d to %d', (value, expected) => {
    expect(roundTrip(value)).toBe(expected);
  });

  it('round to the nearest, and half-way to even', () => {
    const step = 2 ** -10;
    expect(roundTrip(1 + step * 0.49)).toBe(1);
    expect(roundTrip(1 + step * 0.5)).toBe(1);
    expect(roundTrip(1 + step * 0.51)).toBe(1 + step);
    expect(roundTrip(1 + step * 1.5)).toBe(1 + 2 * step);
    expect(roundTrip(2 - step / 4), 'carries into the exponent').toBe(2);
    expect(roundTrip(2 ** -14 - 2 ** -26), 'from below normal to normal').toBe(2 ** -14);
  });

  it('read only their own part of a larger buffer', () => {
    const whole = Float32Array.of(1, 2, 3, 4);
    expect([...widen(toHalfFloats(whole.subarray(1, 3)))]).toEqual([2, 3]);
  });
});
