import type { BoundingBox, Prompt } from '#contract/vision/prompt';
import { chooseWindow, isLargePhoto } from '#geometry/choose-window';
import type { ImageWindow } from '#geometry/image-window';
import { type MaskPolygon, partBounds } from '#geometry/mask-polygon';
import type { ImageSize } from '#geometry/spaces';
import type { Engine } from '../engine/engine.ts';
import type { ImageFile } from '../engine/image-file.ts';
import { findSegments } from './find-segments.ts';

/**
 * Chooses the window of a large photo that answers the prompt; undefined for the whole photo. A box determines the
 * window. Points determine it by the whole photo's answer to the first foreground point, and by where the others are:
 * the window stays the same for a click and for the corrections after it, each of which is fed the logits of the answer
 * that it corrects.
 */
export async function findWindow(
  engine: Engine,
  file: ImageFile,
  prompt: Prompt,
  signal?: AbortSignal,
): Promise<ImageWindow | undefined> {
  const { boundingBox, points = [] } = prompt;
  if (boundingBox) return chooseWindow(prompt, await engine.measure(file, signal));
  const first = points.find(({ label }) => label === 1);
  // The size comes with the embedding, which a click needs anyway; measuring would wait for the encoder once more.
  if (!first || !isLargePhoto(await engine.embed(file, signal))) return undefined;
  const { segments, ...size } = await findSegments(engine, file, { points: [first] }, signal);
  return segments[0] && chooseWindow({ boundingBox: boxAround(segments[0].parts, size), points }, size);
}

function boxAround(parts: MaskPolygon[], { imageWidth, imageHeight }: ImageSize): BoundingBox {
  const { left, top, right, bottom } = partBounds(parts);
  return { xMin: left / imageWidth, yMin: top / imageHeight, xMax: right / imageWidth, yMax: bottom / imageHeight };
}
