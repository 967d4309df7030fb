import type { PromptPoint } from '#contract/vision/prompt';
import { edgeDistances } from './edge-distances.ts';

/**
 * The next click of a simulated annotator: the middle of the largest error, foreground where the answer misses the
 * object, background where it is too large (the protocol of RITM, Sofiiuk et al. 2021, which is usual for interactive
 * segmentation). "Largest" is the farthest from the edge of the error region; the image's border counts as an edge. No
 * pixel is clicked twice.
 */
export function nextClick(
  truth: Uint8Array,
  answer: Uint8Array,
  { width, height, earlier }: { width: number; height: number; earlier: PromptPoint[] },
): PromptPoint {
  const clicked = new Set(earlier.map(({ x, y }) => Math.floor(y * height) * width + Math.floor(x * width)));
  const missed = farthestFromEdge(
    truth.map((inTruth, pixel) => inTruth & (1 - answer[pixel]!)),
    width,
    clicked,
  );
  const surplus = farthestFromEdge(
    truth.map((inTruth, pixel) => (1 - inTruth) & answer[pixel]!),
    width,
    clicked,
  );
  const label = missed.distance >= surplus.distance ? 1 : 0;
  const { pixel } = label === 1 ? missed : surplus;
  return { x: ((pixel % width) + 0.5) / width, y: (Math.floor(pixel / width) + 0.5) / height, label };
}

interface Place {
  pixel: number;
  distance: number;
}

/**
 * The pixel of a region of ones that is farthest from its edge; if the region is empty, the image's first pixel at
 * distance 0.
 */
function farthestFromEdge(region: Uint8Array, width: number, clicked: Set<number>): Place {
  const { pixels, distances } = edgeDistances(region, width);
  const best = { pixel: 0, distance: 0 };
  while (clicked.has(best.pixel)) best.pixel++;
  for (const [index, distance] of distances.entries()) {
    const pixel = pixels[index]!;
    if (distance <= best.distance || clicked.has(pixel)) continue;
    best.pixel = pixel;
    best.distance = distance;
  }
  return best;
}
