import { type ImageWindow, moveIntoWindow } from '#geometry/image-window';
import { maskToLogits } from '#geometry/mask-to-logits';
import type { ImageSize } from '#geometry/spaces';
import type { CloseLook, Look } from './combine-looks.ts';
import type { PhotoDecoder } from './photo-decoder.ts';
import type { PhotoPrompt } from './photo-prompt.ts';

/**
 * Decodes a prompt on the whole photo. A prompt that marks no object has no candidates: background points alone say
 * what is not meant.
 *
 * @throws what the decoder throws
 */
export async function lookAtPhoto(photo: PhotoDecoder, prompt: PhotoPrompt): Promise<Look> {
  const frame = await photo.embed();
  if (!marksAnObject(prompt)) return { frame, candidates: [] };
  const { points, boundingBox, outline } = prompt;
  const startLogits = outline && maskToLogits(outline, frame);
  return { frame, candidates: await photo.decode({ points, boundingBox, startLogits }) };
}

/**
 * Decodes a prompt, in fractions of the photo, on a window of it that holds all of the prompt.
 *
 * @param firstToken see decoder-prompt.ts
 * @throws what the decoder throws
 */
export async function lookAtWindow(
  photo: PhotoDecoder,
  prompt: PhotoPrompt,
  { window, size, firstToken }: { window: ImageWindow; size: ImageSize; firstToken?: number },
): Promise<CloseLook> {
  const frame = await photo.embed(window);
  const startLogits = prompt.outline && maskToLogits(prompt.outline, frame, window);
  const inWindow = { ...moveIntoWindow(prompt, window, size), firstToken, startLogits };
  return { frame, candidates: await photo.decode(inWindow, window), window };
}

function marksAnObject({ points = [], boundingBox, outline }: PhotoPrompt): boolean {
  return outline !== undefined || boundingBox !== undefined || points.some(({ label }) => label === 1);
}
