import type { Prompt } from '#contract/vision/prompt';
import { logitsToPolygons } from '#geometry/logits-to-polygons';
import type { SegmentedImage } from '#geometry/segmented-image';
import { type ImageSize, unitPoint, unitToPixel } from '#geometry/spaces';
import { distinctCandidates } from '#prompting/distinct-candidates';
import type { Engine } from '../engine/engine.ts';
import type { ImageFile } from '../engine/image-file.ts';

/**
 * Finds segments in what the model sees: the whole photo, or a window that is treated as the image. Prompt and segments
 * are in the coordinates of the given image.
 *
 * @throws what the engine throws
 */
export async function findSegments(
  engine: Engine,
  file: ImageFile,
  prompt: Prompt,
  signal?: AbortSignal,
): Promise<SegmentedImage> {
  const frame = await engine.embed(file, signal);
  const candidates = marksAnObject(prompt) ? await engine.decode(file, prompt, signal) : [];
  const marks = markedPoints(prompt, frame);
  const segments = distinctCandidates(candidates, frame).map(({ score, logits }) => ({
    score: Math.min(1, Math.max(0, score)),
    parts: logitsToPolygons(logits, frame, { marks }),
  }));
  return {
    imageWidth: frame.imageWidth,
    imageHeight: frame.imageHeight,
    segments: segments.filter(({ parts }) => parts.length > 0),
  };
}

/** Background points alone say what is not meant, so they mark no object. */
function marksAnObject({ points = [], boundingBox }: Prompt): boolean {
  return boundingBox !== undefined || points.some(({ label }) => label === 1);
}

const markedPoints = ({ points = [] }: Prompt, image: ImageSize) =>
  points.map(({ x, y, label }) => ({ at: unitToPixel(unitPoint(x, y), image), isForeground: label === 1 }));
