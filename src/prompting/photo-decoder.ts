import type { ImageWindow } from '#geometry/image-window';
import type { ModelFrame } from '#geometry/spaces';
import type { Candidate } from './candidate.ts';
import type { DecoderPrompt } from './decoder-prompt.ts';

/**
 * Decodes prompts on one photo and on windows of it: with the engine of a server, or in a browser. `window` is in
 * pixels of the upright photo; without one the whole photo is meant.
 */
export interface PhotoDecoder {
  /**
   * Has the photo, or the window, encoded.
   *
   * @returns how it lies in the model's square
   */
  embed(window?: ImageWindow): Promise<ModelFrame>;
  /**
   * Computes the candidates for a prompt with at least one foreground point or a box (decode-prompt.ts).
   *
   * @param prompt in fractions of the photo, or of the window
   */
  decode(prompt: DecoderPrompt, window?: ImageWindow): Promise<Candidate[]>;
}
