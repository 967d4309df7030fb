/**
 * IEEE 754 half precision, for which Node 20 has no typed array. An embedding keeps four digits in it and half its
 * size. The bits are converted a million at a time, since this runs for each image, and for each prompt of models whose
 * graphs are not in half precision themselves.
 */

/**
 * Converts float32 values to the bits of half precision. Rounds to nearest, ties to even; overflow becomes infinity,
 * NaN stays NaN.
 */
export function toHalfFloats(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(bits.length);
  for (let i = 0; i < bits.length; i++) halves[i] = halfBits(bits[i]!);
  return halves;
}

function halfBits(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x47800000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
  if (magnitude < 0x33000000) return sign;
  const shift = 126 - (magnitude >>> 23);
  const mantissa = (magnitude & 0x7fffff) | 0x800000;
  return sign | ((mantissa + (1 << (shift - 1)) - 1 + ((mantissa >>> shift) & 1)) >>> shift);
}

/** Returns a function that widens bits of half precision to float32, exactly, by a table of all 65,536 values. */
export function createHalfFloatReader(): (halves: Uint16Array) => Float32Array {
  const table = Float32Array.from({ length: 0x10000 }, (_, half) => halfValue(half));
  return (halves) => {
    const values = new Float32Array(halves.length);
    for (let i = 0; i < halves.length; i++) values[i] = table[halves[i]!]!;
    return values;
  };
}

function halfValue(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
