import type { Prompt } from '#contract/vision/prompt';
import type { ImageWindow } from '#geometry/image-window';
import type { SegmentedImage } from '#geometry/segmented-image';
import type { Engine } from '../engine/engine.ts';
import type { ImageFile } from '../engine/image-file.ts';
import { findOnPhoto, findWithWindows } from './find-answers.ts';
import { toSegments } from './to-segments.ts';

/** The engine, and whether it uses windows of large photos. */
export interface SegmentDependencies {
  engine: Engine;
  /** Whether small objects in large photos get a second look in a window, at its full resolution (find-answers.ts). */
  detailWindows: boolean;
}

/**
 * Segments an image: from file and prompt to scored segments. One point may mean up to three objects, so it gives up to
 * three segments; a box or several points give one. Empty masks are left out: finding nothing is a result. `window` is
 * the part of the image that a segment was found in at a second look, in pixels of the upright photo.
 *
 * @throws what the engine throws
 */
export async function segmentImage(
  { engine, detailWindows }: SegmentDependencies,
  file: ImageFile,
  prompt: Prompt,
  signal?: AbortSignal,
): Promise<SegmentedImage & { window?: ImageWindow }> {
  // The size comes with the embedding, which every prompt needs.
  const { imageWidth, imageHeight } = await engine.embed(file, signal);
  const size = { imageWidth, imageHeight };
  const task = { engine, file, signal };
  const answers = await (detailWindows ? findWithWindows(task, size, prompt) : findOnPhoto(task, prompt));
  const window = answers.find(({ look }) => look.window)?.look.window;
  return { ...size, segments: toSegments(answers, prompt, size), ...(window && { window }) };
}
