import { MODEL_SIDE, type ModelFrame } from '#geometry/spaces';
import type { Model } from './catalogue.ts';
import { GRAPH_PREPARATION } from './flavours/graph-preparation.ts';

/** Size of an encoder's input in model pixels. The image fills its top-left part, zeros the rest. */
export interface InputSize {
  width: number;
  height: number;
}

/** The square input, which fits every image. */
export const SQUARE: InputSize = { width: MODEL_SIDE, height: MODEL_SIDE };

/**
 * Padding in model pixels that remains next to an image: what the encoder makes of the image's edge depends on it.
 * Without any, the masks of one click are worse (docs/decisions/0010-aspect-buckets.md).
 */
const MARGIN = 64;

/** Shorter sides of the buckets: 16:9, 3:2, 4:3 and 5:4, each with its margin. Narrower images use the first. */
const SHORTER_SIDES = [640, 768, 832, 896];

/** The input size of photos of 4:3, the most common shape. */
export const MOST_COMMON: InputSize = { width: MODEL_SIDE, height: 832 };

/** The smallest input that holds an image and its margin; the square for images that are close to one. */
export function chooseInputSize({
  modelWidth,
  modelHeight,
}: Pick<ModelFrame, 'modelWidth' | 'modelHeight'>): InputSize {
  const shorter = SHORTER_SIDES.find((side) => Math.min(modelWidth, modelHeight) + MARGIN <= side) ?? MODEL_SIDE;
  return modelWidth < modelHeight ? { width: shorter, height: MODEL_SIDE } : { width: MODEL_SIDE, height: shorter };
}

/**
 * Whether a model's encoder comes in several input sizes: only the rebuilt one does, and only on CPUs was it measured.
 */
export const canUseBuckets = ({ flavour }: Pick<Model, 'flavour'>, provider: string): boolean =>
  GRAPH_PREPARATION[flavour].encoder === 'rebuilt' && provider === 'cpu';
