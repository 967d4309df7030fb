import type { Prompt } from '#contract/vision/prompt';
import type { MaskPolygon } from '#geometry/mask-polygon';
import type { ImageSize } from '#geometry/spaces';
import { toMaskParts } from './mask-parts.ts';

/** A prompt for a photo that is open: its mask is in pixels of the upright photo. */
export interface PhotoPrompt extends Omit<Prompt, 'mask'> {
  /** The outline that points and box correct. */
  outline?: readonly MaskPolygon[];
}

/**
 * Places a prompt on a photo.
 *
 * @throws KonturError `invalid-request` if the mask is not one of this photo
 */
export function toPhotoPrompt({ mask, ...prompt }: Prompt, size: ImageSize): PhotoPrompt {
  return mask === undefined ? prompt : { ...prompt, outline: toMaskParts(mask, size) };
}
