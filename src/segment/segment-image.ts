import type { Prompt } from '#contract/vision/prompt';
import type { ImageWindow } from '#geometry/image-window';
import type { SegmentedImage } from '#geometry/segmented-image';
import { segmentPhoto } from '#prompting/segment-photo';
import type { Engine } from '../engine/engine.ts';
import type { ImageFile } from '../engine/image-file.ts';

/** The engine, and whether it uses windows of large photos. */
export interface SegmentDependencies {
  engine: Engine;
  /** Whether small objects in large photos get a second look in a window, at its full resolution. */
  detailWindows: boolean;
}

/**
 * Segments an image file with the engine (prompting/segment-photo.ts).
 *
 * @throws what the engine throws
 */
export function segmentImage(
  { engine, detailWindows }: SegmentDependencies,
  file: ImageFile,
  prompt: Prompt,
  signal?: AbortSignal,
): Promise<SegmentedImage & { window?: ImageWindow }> {
  const part = (window?: ImageWindow): ImageFile => (window ? { ...file, window } : file);
  return segmentPhoto(
    {
      embed: (window) => engine.embed(part(window), signal),
      decode: (asked, window) => engine.decode(part(window), asked, signal),
    },
    prompt,
    { detailWindows },
  );
}
