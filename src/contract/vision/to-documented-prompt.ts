import type { Prompt } from './prompt.ts';

/** Returns the documented part of a prompt: answers do not repeat a mask, which may be large. */
export const toDocumentedPrompt = ({ points, boundingBox }: Prompt): Prompt => ({
  ...(points && { points }),
  ...(boundingBox && { boundingBox }),
});
