/**
 * Computes the intersection over union of two masks of the same size (non-zero is inside); 1 if both are empty.
 *
 * @throws RangeError for masks of different sizes
 */
export function maskIou(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) throw new RangeError(`masks of ${a.length} and ${b.length} pixels cannot be compared`);
  let intersection = 0;
  let union = 0;
  for (let pixel = 0; pixel < a.length; pixel++) {
    if (a[pixel] && b[pixel]) intersection++;
    if (a[pixel] || b[pixel]) union++;
  }
  return union === 0 ? 1 : intersection / union;
}
