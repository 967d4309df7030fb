import type { Prompt } from '../contract/prompt.ts';
import { chooseWindow } from '../geometry/choose-window.ts';
import { moveIntoWindow, moveOutOfWindow } from '../geometry/image-window.ts';
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

export interface SegmentDependencies {
  inference: Inference;
  /** Whether a box that is small in a large photo is looked at in a part of it, at its own resolution (choose-window.ts). */
  detailWindows: boolean;
}

/**
 * The whole way from an image and a prompt to scored segments. One point may mean up to three things, so it gives up to
 * three segments; a box or several points give one. A mask without anything in it is left out: finding nothing is a result.
 * Throws what Inference throws.
 */
export async function segmentImage(
  { inference, detailWindows }: SegmentDependencies,
  file: ImageFile,
  prompt: Prompt,
  signal?: AbortSignal,
): Promise<SegmentedImage> {
  // Only a box tells its window, and only its prompts have to wait until the size is known.
  if (!detailWindows || !prompt.boundingBox) return findSegments(inference, file, prompt, signal);
  const size = await inference.measure(file, signal);
  const window = chooseWindow(prompt, size);
  if (!window) return findSegments(inference, file, prompt, signal);
  const inWindow = moveIntoWindow(prompt, window, size);
  const { segments } = await findSegments(inference, { ...file, window }, inWindow, signal);
  return { ...size, segments: segments.map(({ score, parts }) => ({ score, parts: moveOutOfWindow(parts, window) })) };
}

async function findSegments(
  inference: Inference,
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
