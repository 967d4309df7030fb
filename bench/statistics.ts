/** Middle value, or the given quantile, of a list that is not empty. */
export function quantile(values: number[], fraction = 0.5): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * fraction), sorted.length - 1)]!;
}

/** Arithmetic mean of a list that is not empty. */
export function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Interval of the mean of grouped values in which 95 % of resamples lie (bootstrap). Values of one group, such as
 * objects of one photo, are not independent, so groups are drawn as a whole. `strata` are sampled each for itself, and
 * their means count the same.
 *
 * @param random numbers from 0 to 1
 */
export function bootstrapInterval(strata: number[][][], random: () => number, rounds = 1000): [number, number] {
  const drawn = (groups: number[][]) => mean(groups.flatMap(() => groups[Math.floor(random() * groups.length)]!));
  const means = Array.from({ length: rounds }, () => mean(strata.map(drawn)));
  return [quantile(means, 0.025), quantile(means, 0.975)];
}
