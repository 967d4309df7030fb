import type { Prompt } from '#contract/vision/prompt';
import { type ImageWindow, moveIntoWindow } from '#geometry/image-window';
import type { ImageSize } from '#geometry/spaces';
import type { CloseLook, Look } from './combine-looks.ts';
import type { PhotoDecoder } from './photo-decoder.ts';

/**
 * Decodes a prompt on the whole photo. A prompt that marks no object has no candidates: background points alone say
 * what is not meant.
 *
 * @throws what the decoder throws
 */
export async function lookAtPhoto(photo: PhotoDecoder, prompt: Prompt): Promise<Look> {
  const frame = await photo.embed();
  return { frame, candidates: marksAnObject(prompt) ? await photo.decode(prompt) : [] };
}

/**
 * Decodes a prompt, in fractions of the photo, on a window of it that holds all of the prompt.
 *
 * @param firstToken see decoder-prompt.ts
 * @throws what the decoder throws
 */
export async function lookAtWindow(
  photo: PhotoDecoder,
  prompt: Prompt,
  { window, size, firstToken }: { window: ImageWindow; size: ImageSize; firstToken?: number },
): Promise<CloseLook> {
  const inWindow = { ...moveIntoWindow(prompt, window, size), ...(firstToken !== undefined && { firstToken }) };
  const frame = await photo.embed(window);
  return { frame, candidates: await photo.decode(inWindow, window), window };
}

function marksAnObject({ points = [], boundingBox }: Prompt): boolean {
  return boundingBox !== undefined || points.some(({ label }) => label === 1);
}
