import type { Prompt } from '../contract/prompt.ts';
import { logitsToPolygons } from '../geometry/logits-to-polygons.ts';
import type { MaskPolygon } from '../geometry/mask-polygon.ts';
import { type ImageSize, unitPoint, unitToPixel } from '../geometry/spaces.ts';
import type { ImageFile, Inference } from '../inference/create-inference.ts';
import { distinctCandidates } from './distinct-candidates.ts';

/** What a prompt cuts out of an image, best segment first, in pixels of the upright image. */
export interface SegmentedImage extends ImageSize {
  segments: ScoredMask[];
}

/**
 * A mask as its detached parts with real holes. `score` is the model's estimate of its IoU, 0..1, for one point lowered by how
 * the point lies in it (decode-prompt.ts).
 */
export interface ScoredMask {
  score: number;
  parts: MaskPolygon[];
}

/**
 * The whole way from an image and a prompt to scored segments. One point may mean up to three things, so it gives up to
 * three segments; a box or several points give one. A mask without anything in it is left out: finding nothing is a result.
 * Throws what Inference throws.
 */
export async function segmentImage(
  { inference }: { inference: Inference },
  file: ImageFile,
  prompt: Prompt,
  signal?: AbortSignal,
): Promise<SegmentedImage> {
  const image = await inference.embed(file, signal);
  const candidates = marksAnObject(prompt) ? await inference.decode(image, prompt, signal) : [];
  const marks = markedPoints(prompt, image);
  const segments = distinctCandidates(candidates, image).map(({ score, logits }) => ({
    score: Math.min(1, Math.max(0, score)),
    parts: logitsToPolygons(logits, image, { marks }),
  }));
  return {
    imageWidth: image.imageWidth,
    imageHeight: image.imageHeight,
    segments: segments.filter(({ parts }) => parts.length > 0),
  };
}

/** Background points alone say what is not meant, and so nothing is. */
function marksAnObject({ points = [], boundingBox }: Prompt): boolean {
  return boundingBox !== undefined || points.some(({ label }) => label === 1);
}

const markedPoints = ({ points = [] }: Prompt, image: ImageSize) =>
  points.map(({ x, y, label }) => ({ at: unitToPixel(unitPoint(x, y), image), isForeground: label === 1 }));
