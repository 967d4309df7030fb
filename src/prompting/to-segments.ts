import type { Prompt } from '#contract/vision/prompt';
import { moveIntoWindow, moveOutOfWindow } from '#geometry/image-window';
import { logitsToPolygons } from '#geometry/logits-to-polygons';
import type { ScoredMask } from '#geometry/segmented-image';
import { type ImageSize, unitPoint, unitToPixel } from '#geometry/spaces';
import type { Candidate } from './candidate.ts';
import type { CloseLook, Look } from './combine-looks.ts';

/** A candidate, and the look at the photo, or at a window of it, that it is from. */
export interface Answer {
  candidate: Candidate;
  look: Look & Partial<CloseLook>;
}

/**
 * Makes segments of answers, best first, with polygons in pixels of the whole photo. Empty masks are left out. Scores
 * are the model's estimates within 0..1, but none exceeds that of a better answer: it is lowered to that.
 *
 * @param prompt in fractions of the photo; its points stay on the side that each mask has them on
 */
export function toSegments(answers: readonly Answer[], prompt: Prompt, size: ImageSize): ScoredMask[] {
  let ceiling = 1;
  return answers
    .map(({ candidate: { score, logits }, look: { frame, window } }) => {
      const marks = markedPoints(window ? moveIntoWindow(prompt, window, size) : prompt, frame);
      const parts = logitsToPolygons(logits, frame, { marks });
      return { score, parts: window ? moveOutOfWindow(parts, window) : parts };
    })
    .filter(({ parts }) => parts.length > 0)
    .map(({ score, parts }) => {
      ceiling = Math.min(ceiling, Math.max(0, score));
      return { score: ceiling, parts };
    });
}

const markedPoints = ({ points = [] }: Prompt, image: ImageSize) =>
  points.map(({ x, y, label }) => ({ at: unitToPixel(unitPoint(x, y), image), isForeground: label === 1 }));
