/** Middle value, or the given quantile, of a list that is not empty. */
export function quantile(values: number[], fraction = 0.5): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * fraction), sorted.length - 1)]!;
}

/** Arithmetic mean of a list that is not empty. */
export function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
