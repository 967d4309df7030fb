import type { Prompt } from '#contract/vision/prompt';

/** A prompt, and which answer to its first click the later ones correct. */
export interface DecoderPrompt extends Prompt {
  /**
   * Mask, 1 to 3, of the first foreground point that the further points correct, where there is no box. Default: the
   * one that ranks highest.
   */
  firstToken?: number;
}
