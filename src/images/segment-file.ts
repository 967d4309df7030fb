import { KonturError } from '#contract/errors';
import type { Prompt } from '#contract/vision/prompt';
import type { ImageWindow } from '#geometry/image-window';
import type { SegmentedImage } from '#geometry/segmented-image';
import type { EngineState } from '../engine/engine.ts';
import { type SegmentDependencies, segmentImage } from '../segment/segment-image.ts';
import type { ImageSource, ResolvedImage } from './image-source.ts';

/** What was found in the image of a file, and what found it. */
export interface SegmentedFile extends SegmentedImage {
  /** The model's id, what its encoder computed in, and the part of the image that it saw, where that was not all of it. */
  engine: EngineState & { window?: ImageWindow };
  /** From the image at hand to its segments, waiting for the engine's processes included. */
  engineMs: number;
}

export interface SegmentFileDependencies extends SegmentDependencies {
  images: Pick<ImageSource, 'open'>;
}

/** Opens the image of a file as it is now, and segments it. Errors of the image name the file. */
export async function segmentFile(
  { images, ...dependencies }: SegmentFileDependencies,
  task: ResolvedImage & { project: string; prompt: Prompt },
  signal: AbortSignal,
): Promise<SegmentedFile> {
  const { name, ...image } = await images.open(task, signal);
  const started = performance.now();
  try {
    const { window, ...segmented } = await segmentImage(dependencies, image, task.prompt, signal);
    const engineMs = performance.now() - started;
    const state = await dependencies.engine.describe();
    return { ...segmented, engine: { ...state, ...(window && { window }) }, engineMs };
  } catch (error) {
    if (!(error instanceof KonturError) || error.origin !== 'image') throw error;
    throw new KonturError(error.code, `File ${task.file.fileId} ("${name}") cannot be segmented: ${error.message}`, {
      cause: error,
    });
  }
}
