import type { Prompt } from '#contract/vision/prompt';
import type { ImageWindow } from '#geometry/image-window';
import type { SegmentedImage } from '#geometry/segmented-image';
import { findOnPhoto, findWithWindows } from './find-answers.ts';
import { keepOutline } from './keep-outline.ts';
import type { PhotoDecoder } from './photo-decoder.ts';
import { toPhotoPrompt } from './photo-prompt.ts';
import { toSegments } from './to-segments.ts';

/**
 * Segments a photo: from prompt to scored segments. One point may mean up to three objects, so it gives up to three
 * segments; a box or several points give one. Empty masks are left out: finding nothing is a result. `window` is the
 * part of the photo that a segment was found in at a second look, in pixels of the upright photo. A mask with points or
 * a box is corrected by them, to one segment; alone, it is answered as it stands.
 *
 * @param options.detailWindows whether small objects in large photos get a second look in a window, at its full
 *   resolution (find-answers.ts)
 * @throws KonturError `invalid-request` if the mask of the prompt is not one of this photo; what the decoder throws
 */
export async function segmentPhoto(
  photo: PhotoDecoder,
  prompt: Prompt,
  { detailWindows }: { detailWindows: boolean },
): Promise<SegmentedImage & { window?: ImageWindow }> {
  // The size comes with the embedding, which every prompt needs.
  const { imageWidth, imageHeight } = await photo.embed();
  const size = { imageWidth, imageHeight };
  const placed = toPhotoPrompt(prompt, size);
  const { outline } = placed;
  if (outline && prompt.isMaskAlone) {
    const isOfPixels = prompt.mask !== undefined && 'rle' in prompt.mask;
    return { ...size, segments: [await keepOutline(photo, { ...placed, outline }, { isOfPixels })] };
  }
  const answers = await (detailWindows ? findWithWindows(photo, size, placed) : findOnPhoto(photo, placed));
  const window = answers.find(({ look }) => look.window)?.look.window;
  return { ...size, segments: toSegments(answers, prompt, size), ...(window && { window }) };
}
