import type { PromptPoint } from '../src/contract/prompt.ts';

/**
 * The next click of a simulated annotator: the middle of the largest error, foreground where the object is missed, background
 * where the answer is too much (the protocol of RITM, Sofiiuk et al. 2021, which interactive segmentation is compared by).
 * "Largest" is the farthest from the edge of the error region; the image's border counts as an edge. No pixel is clicked twice.
 */
export function nextClick(
  truth: Uint8Array,
  answer: Uint8Array,
  { width, height, earlier }: { width: number; height: number; earlier: PromptPoint[] },
): PromptPoint {
  const clicked = new Set(earlier.map(({ x, y }) => Math.floor(y * height) * width + Math.floor(x * width)));
  const farthest = (isError: (inTruth: number, inAnswer: number) => boolean) => {
    const region = truth.map((inTruth, pixel) => (isError(inTruth, answer[pixel]!) ? 1 : 0));
    return farthestFromEdge(squaredDistances(region, width, height), clicked);
  };
  const missed = farthest((inTruth, inAnswer) => inTruth === 1 && inAnswer === 0);
  const surplus = farthest((inTruth, inAnswer) => inTruth === 0 && inAnswer === 1);
  const label = missed.distance >= surplus.distance ? 1 : 0;
  const { pixel } = label === 1 ? missed : surplus;
  return { x: ((pixel % width) + 0.5) / width, y: (Math.floor(pixel / width) + 0.5) / height, label };
}

function farthestFromEdge(distances: Float64Array, clicked: Set<number>): { pixel: number; distance: number } {
  let best = { pixel: 0, distance: -1 };
  for (const [pixel, distance] of distances.entries()) {
    if (distance > best.distance && !clicked.has(pixel)) best = { pixel, distance };
  }
  return best;
}

/** Squared Euclidean distance of each pixel to the nearest one outside the region (Felzenszwalb & Huttenlocher 2012). */
function squaredDistances(region: Uint8Array, width: number, height: number): Float64Array {
  const columns = new Float64Array(width * height);
  for (let x = 0; x < width; x++) {
    for (let y = 0, run = 0; y < height; y++) columns[y * width + x] = run = region[y * width + x] ? run + 1 : 0;
    for (let y = height - 1, run = 0; y >= 0; y--) {
      run = region[y * width + x] ? run + 1 : 0;
      const i = y * width + x;
      columns[i] = Math.min(columns[i], run) ** 2;
    }
  }
  const result = new Float64Array(width * height);
  for (let y = 0; y < height; y++)
    lowerEnvelope(columns.subarray(y * width, (y + 1) * width), result.subarray(y * width));
  return result;
}

/** Minimum over q of (x - q)^2 + heights[q], for each x; beyond both ends the height is 0. */
function lowerEnvelope(heights: Float64Array, result: Float64Array): void {
  const count = heights.length + 2;
  const height = (q: number) => (q === 0 || q === count - 1 ? 0 : heights[q - 1]);
  const apexes = new Int32Array(count);
  const starts = new Float64Array(count + 1);
  let last = 0;
  starts[0] = Number.NEGATIVE_INFINITY;
  starts[1] = Number.POSITIVE_INFINITY;
  for (let q = 1; q < count; q++) {
    const meets = () => (height(q) + q * q - height(apexes[last]) - apexes[last] ** 2) / (2 * (q - apexes[last]));
    while (meets() <= starts[last]) last--;
    const start = meets();
    apexes[++last] = q;
    starts[last] = start;
    starts[last + 1] = Number.POSITIVE_INFINITY;
  }
  for (let x = 1, parabola = 0; x < count - 1; x++) {
    while (starts[parabola + 1] < x) parabola++;
    result[x - 1] = (x - apexes[parabola]) ** 2 + height(apexes[parabola]);
  }
}
