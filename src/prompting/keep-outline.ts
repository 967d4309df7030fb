import { logitsIou } from '#geometry/logits-iou';
import type { MaskPolygon } from '#geometry/mask-polygon';
import { maskToLogits } from '#geometry/mask-to-logits';
import type { ScoredMask } from '#geometry/segmented-image';
import { simplifyPolygon } from '#geometry/simplify-polygon';
import type { PhotoDecoder } from './photo-decoder.ts';
import type { PhotoPrompt } from './photo-prompt.ts';
import { lookAtPhoto } from './take-look.ts';

/** Rounds the steps of pixels off an outline, in pixels of the photo. */
const STEPS_PX = { tolerancePx: 0.75, vertexPrice: 1 };

/**
 * Answers a mask that came alone: with the outline itself. Its score is what the model gives its own nearest answer,
 * times the overlap of both.
 *
 * @param prompt has an outline, and the box around it
 * @param options.isOfPixels the outline runs along pixels, whose steps are rounded off
 * @throws what the decoder throws
 */
export async function keepOutline(
  photo: PhotoDecoder,
  prompt: PhotoPrompt & { outline: readonly MaskPolygon[] },
  { isOfPixels }: { isOfPixels: boolean },
): Promise<ScoredMask> {
  const { outline } = prompt;
  const { frame, candidates } = await lookAtPhoto(photo, prompt);
  const [nearest] = candidates;
  const overlap = nearest ? logitsIou(maskToLogits(outline, frame), nearest.logits, frame) : 0;
  const score = Math.min(Math.max((nearest?.score ?? 0) * overlap, 0), 1);
  return { score, parts: outline.map((part) => (isOfPixels ? simplifyPolygon(part, STEPS_PX) : part)) };
}
