import { MODEL_SIDE, type ModelFrame } from '#geometry/spaces';
import type { Model } from './catalogue.ts';

/** Size of an encoder's input in model pixels, of which the image fills the top-left part and zeros the rest. */
export interface InputSize {
  width: number;
  height: number;
}

/** The input that any image fits into. */
export const SQUARE: InputSize = { width: MODEL_SIDE, height: MODEL_SIDE };

/**
 * Padding that an image keeps beside it, in model pixels: what the encoder makes of the image's edge depends on the padding
 * next to it. Without any, the masks of one click are worse (docs/decisions/0010-aspect-buckets.md).
 */
const MARGIN = 64;

/** Shorter sides of buckets: 16:9, 3:2, 4:3 and 5:4, each with its margin. What is narrower than 16:9 goes with that. */
const SHORTER_SIDES = [640, 768, 832, 896];

/** What photos of 4:3 take. */
export const MOST_COMMON: InputSize = { width: MODEL_SIDE, height: 832 };

/** The smallest input that holds an image and its margin; the square for images that are close to one. */
export function chooseInputSize({
  modelWidth,
  modelHeight,
}: Pick<ModelFrame, 'modelWidth' | 'modelHeight'>): InputSize {
  const shorter = SHORTER_SIDES.find((side) => Math.min(modelWidth, modelHeight) + MARGIN <= side) ?? MODEL_SIDE;
  return modelWidth < modelHeight ? { width: shorter, height: MODEL_SIDE } : { width: MODEL_SIDE, height: shorter };
}

/** Whether a model's encoder comes in several input sizes: the one that is built anew does, and was measured on CPUs. */
export const canUseBuckets = ({ flavour }: Pick<Model, 'flavour'>, provider: string): boolean =>
  flavour === 'mobilesam' && provider === 'cpu';
