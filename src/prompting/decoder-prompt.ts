import type { Prompt } from '#contract/vision/prompt';

/** A prompt, and which answer to its first click the later ones correct. */
export interface DecoderPrompt extends Pick<Prompt, 'points' | 'boundingBox'> {
  /**
   * Mask, 1 to 3, of the first foreground point that the further points correct, where there is no box. Default: the
   * one that ranks highest.
   */
  firstToken?: number;
  /**
   * Logits of the mask that points and box correct, row-major, 256 x 256 over the model's square
   * (geometry/mask-to-logits.ts).
   */
  startLogits?: Float32Array;
}
