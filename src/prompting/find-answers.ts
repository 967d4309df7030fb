import type { BoundingBox, Prompt, PromptPoint } from '#contract/vision/prompt';
import { chooseWindow, isLargePhoto } from '#geometry/choose-window';
import { type ImageWindow, moveIntoWindow } from '#geometry/image-window';
import { logitsToPolygons } from '#geometry/logits-to-polygons';
import { type MaskPolygon, partBounds } from '#geometry/mask-polygon';
import { type ImageSize, unitPoint, unitToModel } from '#geometry/spaces';
import { type CloseLook, combineLooks, isConfirmed, type Look } from './combine-looks.ts';
import { distinctCandidates } from './distinct-candidates.ts';
import type { PhotoDecoder } from './photo-decoder.ts';
import type { PhotoPrompt } from './photo-prompt.ts';
import { type RankedCandidate, rankCandidates } from './rank-candidates.ts';
import { lookAtPhoto, lookAtWindow } from './take-look.ts';
import type { Answer } from './to-segments.ts';

/** Finds what a prompt may mean on the whole photo alone, best first. */
export async function findOnPhoto(photo: PhotoDecoder, prompt: PhotoPrompt): Promise<Answer[]> {
  return answersOf(await lookAtPhoto(photo, prompt));
}

/**
 * Finds what a prompt on a large photo may mean, best first, with a second look at a window where it is about something
 * small. A window only adds: what it answers counts where the whole photo confirms it (combine-looks.ts).
 */
export async function findWithWindows(photo: PhotoDecoder, size: ImageSize, prompt: PhotoPrompt): Promise<Answer[]> {
  const first = prompt.points?.find(({ label }) => label === 1);
  if (!isLargePhoto(size)) return findOnPhoto(photo, prompt);
  if (prompt.outline) return findByOutline(photo, size, { ...prompt, outline: prompt.outline });
  if (prompt.boundingBox) return findByBox(photo, size, prompt);
  return first ? findByPoints(photo, size, { prompt, first }) : [];
}

/** An outline, and the box and the points that correct it, determine the window. */
async function findByOutline(
  photo: PhotoDecoder,
  size: ImageSize,
  prompt: PhotoPrompt & { outline: readonly MaskPolygon[] },
): Promise<Answer[]> {
  const { points = [], boundingBox: box } = prompt;
  const { left, top, right, bottom } = partBounds(prompt.outline);
  const { imageWidth, imageHeight } = size;
  const boundingBox = {
    xMin: Math.min(left / imageWidth, box?.xMin ?? 1),
    yMin: Math.min(top / imageHeight, box?.yMin ?? 1),
    xMax: Math.max(right / imageWidth, box?.xMax ?? 0),
    yMax: Math.max(bottom / imageHeight, box?.yMax ?? 0),
  };
  const window = chooseWindow({ boundingBox, points }, size);
  const whole = await lookAtPhoto(photo, prompt);
  if (!window) return answersOf(whole);
  const close = await lookAtWindow(photo, prompt, { window, size });
  return answersOf(isConfirmed(whole, close, 'clicks') ? close : whole);
}

/** A box determines the window by itself. */
async function findByBox(photo: PhotoDecoder, size: ImageSize, prompt: Prompt): Promise<Answer[]> {
  const window = chooseWindow(prompt, size);
  const whole = await lookAtPhoto(photo, prompt);
  if (!window) return answersOf(whole);
  const close = await lookAtWindow(photo, prompt, { window, size });
  return answersOf(isConfirmed(whole, close, 'box') ? close : whole);
}

/**
 * The whole photo's answer to the first foreground point, and where the others are, determine the window: it stays the
 * same for a click and for the corrections after it. Corrections go on in the window where the first click was answered
 * from it, each fed the window's logits of the step before, and as long as the whole photo, corrected likewise,
 * confirms them.
 */
async function findByPoints(
  photo: PhotoDecoder,
  size: ImageSize,
  { prompt, first }: { prompt: Prompt; first: PromptPoint },
): Promise<Answer[]> {
  const { points = [] } = prompt;
  const click: Prompt = { points: [first] };
  const isOneClick = points.length === 1;
  // Everything on one embedding in a row: to change it costs the decoder time, and where memory is short an encode.
  const whole = await lookAtPhoto(photo, click);
  const corrected = isOneClick ? whole : await lookAtPhoto(photo, prompt);
  const window = chooseWindow({ boundingBox: boxAroundBest(whole), points }, size);
  if (!window) return answersOf(corrected);

  const close = await lookAtWindow(photo, click, { window, size });
  const seen = combineLooks(ranked(whole, first, size), ranked(close, first, size));
  if (isOneClick) return seen.map(({ candidate, isClose }) => ({ candidate, look: isClose ? close : whole }));
  const [best] = seen;
  if (!best?.isClose) return answersOf(corrected);
  const closer = await lookAtWindow(photo, prompt, { window, size, firstToken: best.candidate.token });
  return answersOf(isConfirmed(corrected, closer, 'clicks') ? closer : corrected);
}

const answersOf = (look: Look & { window?: ImageWindow }): Answer[] =>
  distinctCandidates(look.candidates, look.frame).map((candidate) => ({ candidate, look }));

/** Ranks a look's candidates for a click, in fractions of the photo, by what they are of the photo. */
function ranked<Kind extends Look & Partial<CloseLook>>(
  look: Kind,
  click: PromptPoint,
  size: ImageSize,
): Kind & Look<RankedCandidate> {
  const { frame, candidates, window } = look;
  const prompt = { points: [click] };
  const [{ x, y } = click] = (window ? moveIntoWindow(prompt, window, size) : prompt).points ?? [];
  const at = unitToModel(unitPoint(x, y), frame);
  return { ...look, candidates: rankCandidates(candidates, at, frame, window && { window, size }) };
}

/** Box around the best mask of a whole photo, in fractions of it; undefined where there is none. */
function boxAroundBest({ candidates: [best], frame }: Look): BoundingBox | undefined {
  const parts = best ? logitsToPolygons(best.logits, frame) : [];
  if (parts.length === 0) return undefined;
  const { left, top, right, bottom } = partBounds(parts);
  const { imageWidth, imageHeight } = frame;
  return { xMin: left / imageWidth, yMin: top / imageHeight, xMax: right / imageWidth, yMax: bottom / imageHeight };
}
