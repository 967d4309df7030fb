import type { PromptPoint } from '#contract/vision/prompt';
import { edgeDistances } from './edge-distances.ts';

/** Kinds of places that a first click may go to: the object's middle, its inner part, or anywhere in it. */
export const CLICK_PLACES = ['middle', 'inside', 'anywhere'] as const;
export type ClickPlace = (typeof CLICK_PLACES)[number];

/** Inner pixels lie at least this share of the largest distance from the edge. */
const INNER = 0.5;

/**
 * One foreground click of each kind on an object: the pixel farthest from its edge, a random one of its inner part, and
 * a random one of all.
 *
 * @param truth mask of the object, row-major, not empty
 * @param random numbers from 0 to 1
 */
export function placeClicks(truth: Uint8Array, width: number, random: () => number): Record<ClickPlace, PromptPoint> {
  const { pixels, distances } = edgeDistances(truth, width);
  const farthest = distances.reduce((most, distance) => Math.max(most, distance), 0);
  const inner = pixels.filter((_, index) => distances[index]! >= INNER ** 2 * farthest);
  const anyOf = (among: Uint32Array) => among[Math.floor(random() * among.length)]!;
  const clickOn = (pixel: number): PromptPoint => ({
    x: ((pixel % width) + 0.5) / width,
    y: (Math.floor(pixel / width) + 0.5) / (truth.length / width),
    label: 1,
  });
  return {
    middle: clickOn(pixels[distances.indexOf(farthest)]!),
    inside: clickOn(anyOf(inner)),
    anywhere: clickOn(anyOf(pixels)),
  };
}
