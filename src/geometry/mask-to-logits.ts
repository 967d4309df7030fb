import type { ImageWindow } from './image-window.ts';
import type { MaskPolygon, Ring } from './mask-polygon.ts';
import { rasterise } from './rasterise.ts';
import { CELL_SIDE, GRID_SIDE, type ModelFrame, pixelPoint, pixelToModel, validSamples } from './spaces.ts';

/** Logit of a cell that lies wholly in the mask; minus that outside (docs/decisions/0075-start-from-a-mask.md). */
const FULL_LOGIT = 10;

/**
 * Converts a mask to logits as a decoder is fed those of its previous run: row-major, 256 x 256 over the model's
 * square, above 0 where more than half of a cell is in the mask, and in proportion to that share.
 *
 * @param parts in pixels of the upright photo
 * @param frame how the photo, or the window of it, lies in the model's square
 * @param window part of the photo, in its pixels, that the frame is of; what lies beyond it is left out
 */
export function maskToLogits(parts: readonly MaskPolygon[], frame: ModelFrame, window?: ImageWindow): Float32Array {
  const { modelWidth, modelHeight } = frame;
  const { left = 0, top = 0 } = window ?? {};
  const move = (ring: Ring): Ring =>
    ring.map(({ x, y }) => pixelToModel(pixelPoint(x - left, y - top), frame)).map(({ x, y }) => pixelPoint(x, y));
  const onModel = parts.map(({ outer, holes }) => ({ outer: move(outer), holes: holes.map(move) }));
  const pixels = rasterise(onModel, modelWidth, modelHeight);
  const logits = new Float32Array(GRID_SIDE * GRID_SIDE).fill(-FULL_LOGIT);
  const columns = validSamples(modelWidth);
  for (let row = 0; row < validSamples(modelHeight); row++) {
    for (let column = 0; column < columns; column++) {
      const share = coveredShare(pixels, { column, row }, { modelWidth, modelHeight });
      logits[row * GRID_SIDE + column] = FULL_LOGIT * (2 * share - 1);
    }
  }
  return logits;
}

/** Share of the pixels of a cell that are set, of those that lie on the photo. */
function coveredShare(
  pixels: Uint8Array,
  { column, row }: { column: number; row: number },
  { modelWidth, modelHeight }: Pick<ModelFrame, 'modelWidth' | 'modelHeight'>,
): number {
  const right = Math.min((column + 1) * CELL_SIDE, modelWidth);
  const bottom = Math.min((row + 1) * CELL_SIDE, modelHeight);
  let set = 0;
  let all = 0;
  for (let y = row * CELL_SIDE; y < bottom; y++) {
    for (let x = column * CELL_SIDE; x < right; x++) {
      set += pixels[y * modelWidth + x] ?? 0;
      all++;
    }
  }
  return all === 0 ? 0 : set / all;
}
