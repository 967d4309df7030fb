import { KonturError } from '#contract/errors';
import type { Prompt } from '#contract/vision/prompt';
import type { ImageWindow } from '#geometry/image-window';
import type { SegmentedImage } from '#geometry/segmented-image';
import type { EngineState } from '../engine/engine.ts';
import { type SegmentDependencies, segmentImage } from '../segment/segment-image.ts';
import type { ImageSource, ResolvedImage } from './image-source.ts';

/** The segments found in the image of a file, and the engine that found them. */
export interface SegmentedFile extends SegmentedImage {
  /**
   * Id of the model, precision of its encoder, and the window in pixels of the upright photo, unless it saw the whole
   * photo.
   */
  engine: EngineState & { window?: ImageWindow };
  /** Milliseconds from the opened image to its segments, including the wait for the engine's processes. */
  engineMs: number;
}

/** The source of images and the engine, for segmenting the image of a file. */
export interface SegmentFileDependencies extends SegmentDependencies {
  images: Pick<ImageSource, 'open'>;
}

/**
 * Opens the current image of a file and segments it.
 *
 * @throws KonturError as `ImageSource.open` and the engine do; errors about the image name the file
 */
export async function segmentFile(
  { images, ...dependencies }: SegmentFileDependencies,
  task: ResolvedImage & { project: string; prompt: Prompt },
  signal: AbortSignal,
): Promise<SegmentedFile> {
  const { name, ...image } = await images.open(task, signal);
  const started = performance.now();
  try {
    const { window, ...segmented } = await segmentImage(
      dependencies,
      { ...image, owner: task.project },
      task.prompt,
      signal,
    );
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
