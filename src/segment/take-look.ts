import type { Prompt } from '#contract/vision/prompt';
import { type ImageWindow, moveIntoWindow } from '#geometry/image-window';
import type { ImageSize } from '#geometry/spaces';
import type { CloseLook, Look } from '#prompting/combine-looks';
import type { Engine } from '../engine/engine.ts';
import type { ImageFile } from '../engine/image-file.ts';

/** A photo that is being segmented, what does it, and the signal that ends it. */
export interface Task {
  engine: Engine;
  file: ImageFile;
  signal: AbortSignal | undefined;
}

/**
 * Decodes a prompt on the whole photo. A prompt that marks no object has no candidates: background points alone say
 * what is not meant.
 *
 * @throws what the engine throws
 */
export async function lookAtPhoto({ engine, file, signal }: Task, prompt: Prompt): Promise<Look> {
  const frame = await engine.embed(file, signal);
  return { frame, candidates: marksAnObject(prompt) ? await engine.decode(file, prompt, signal) : [] };
}

/**
 * Decodes a prompt, in fractions of the photo, on a window of it that holds all of the prompt.
 *
 * @param firstToken see prompting/decoder-prompt.ts
 * @throws what the engine throws
 */
export async function lookAtWindow(
  { engine, file, signal }: Task,
  prompt: Prompt,
  { window, size, firstToken }: { window: ImageWindow; size: ImageSize; firstToken?: number },
): Promise<CloseLook> {
  const part = { ...file, window };
  const inWindow = { ...moveIntoWindow(prompt, window, size), ...(firstToken !== undefined && { firstToken }) };
  const frame = await engine.embed(part, signal);
  return { frame, candidates: await engine.decode(part, inWindow, signal), window };
}

function marksAnObject({ points = [], boundingBox }: Prompt): boolean {
  return boundingBox !== undefined || points.some(({ label }) => label === 1);
}
