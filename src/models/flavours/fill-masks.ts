import { GRID_SIDE } from '#geometry/spaces';
import type { DecodedMasks } from '#prompting/decoder-run';
import type { FloatTensor } from '../open-session.ts';

const GRID_CELLS = GRID_SIDE * GRID_SIDE;
/** SAM's masks: one for prompts of several clicks, and three candidates. */
const ALL_MASKS = 4;

/**
 * Arranges the masks of a decoder as `DecodedMasks`. Four masks stay as they are. Fewer masks are candidates: the best
 * goes to place 0 and fills the remaining places, where it counts as a duplicate.
 *
 * @throws unless there are 1 to 4 masks of 256 x 256 with a score each
 */
export function fillMasks(logits: FloatTensor, scores: FloatTensor): DecodedMasks {
  const count = scores.data.length;
  const isGrid = logits.dims.at(-1) === GRID_SIDE && logits.dims.at(-2) === GRID_SIDE;
  if (!isGrid || count < 1 || count > ALL_MASKS || logits.data.length !== count * GRID_CELLS) {
    throw new Error(
      `The decoder answers masks of shape [${logits.dims}] with ${count} scores; expected 1 to ${ALL_MASKS} masks of ${GRID_SIDE} x ${GRID_SIDE} (docs/models.md).`,
    );
  }
  if (count === ALL_MASKS) return { logits: logits.data, scores: scores.data };

  const best = scores.data.indexOf(Math.max(...scores.data));
  const places = Array.from({ length: ALL_MASKS }, (_, place) => (place >= 1 && place <= count ? place - 1 : best));
  const filled = new Float32Array(ALL_MASKS * GRID_CELLS);
  places.forEach((mask, place) => {
    filled.set(logits.data.subarray(mask * GRID_CELLS, (mask + 1) * GRID_CELLS), place * GRID_CELLS);
  });
  return { logits: filled, scores: Float32Array.from(places, (mask) => scores.data[mask]!) };
}
