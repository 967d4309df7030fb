import type { Prompt } from '#contract/vision/prompt';
import { type ImageWindow, moveIntoWindow, moveOutOfWindow } from '#geometry/image-window';
import type { SegmentedImage } from '#geometry/segmented-image';
import type { Engine } from '../engine/engine.ts';
import type { ImageFile } from '../engine/image-file.ts';
import { findSegments } from './find-segments.ts';
import { findWindow } from './find-window.ts';

/** The engine, and whether it uses windows of large photos. */
export interface SegmentDependencies {
  engine: Engine;
  /** Whether small objects in large photos are segmented in a window, at its full resolution (find-window.ts). */
  detailWindows: boolean;
}

/**
 * Segments an image: from file and prompt to scored segments. One point may mean up to three objects, so it gives up to
 * three segments; a box or several points give one. Empty masks are left out: finding nothing is a result. `window` is
 * the part of the image that the model saw, in pixels of the upright photo; absent for all of it.
 *
 * @throws what the engine throws
 */
export async function segmentImage(
  { engine, detailWindows }: SegmentDependencies,
  file: ImageFile,
  prompt: Prompt,
  signal?: AbortSignal,
): Promise<SegmentedImage & { window?: ImageWindow }> {
  const window = detailWindows ? await findWindow(engine, file, prompt, signal) : undefined;
  if (!window) return findSegments(engine, file, prompt, signal);
  const size = await engine.measure(file, signal);
  const inWindow = moveIntoWindow(prompt, window, size);
  const { segments } = await findSegments(engine, { ...file, window }, inWindow, signal);
  return {
    ...size,
    segments: segments.map(({ score, parts }) => ({ score, parts: moveOutOfWindow(parts, window) })),
    window,
  };
}
