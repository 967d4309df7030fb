import type { ImageWindow } from './image-window.ts';
import { CELL_SIDE, GRID_SIDE, type ModelFrame, validSamples } from './spaces.ts';

/** A mask of a whole photo as the grid of one of its windows has it. */
export interface SeenThroughWindow {
  /** Row-major, 256 x 256 over the model's square of the window; above 0 is inside, and only valid samples are set. */
  logits: Float32Array;
  /** Area of the mask beyond the window, in samples of the window's grid. */
  beyond: number;
}

/**
 * Moves a mask of the whole photo to the grid of a window, so that it can be compared with the window's masks. Between
 * the samples of the photo, of which a window holds few, logits are interpolated as contours are.
 *
 * @param logits of the whole photo, row-major, 256 x 256; above 0 is inside
 * @param frame how the whole photo lies in the model's square
 * @param window part of the photo, in its pixels
 * @param windowFrame how the window lies in the model's square
 */
export function seeThroughWindow(
  logits: Float32Array,
  frame: ModelFrame,
  window: ImageWindow,
  windowFrame: ModelFrame,
): SeenThroughWindow {
  const columns = samplesOf(window.left, window.width, windowFrame.modelWidth, frame.imageWidth, frame.modelWidth);
  const rows = samplesOf(window.top, window.height, windowFrame.modelHeight, frame.imageHeight, frame.modelHeight);
  const seen = new Float32Array(GRID_SIDE * GRID_SIDE);
  for (let row = 0; row < rows.length; row++) {
    const { before: above, after: below, share: down } = rows[row]!;
    for (let column = 0; column < columns.length; column++) {
      const { before, after, share } = columns[column]!;
      const upper = mix(logits[above * GRID_SIDE + before]!, logits[above * GRID_SIDE + after]!, share);
      const lower = mix(logits[below * GRID_SIDE + before]!, logits[below * GRID_SIDE + after]!, share);
      seen[row * GRID_SIDE + column] = mix(upper, lower, down);
    }
  }
  return { logits: seen, beyond: areaBeyond(logits, frame, window) / cellArea(windowFrame) };
}

/** A place between two samples of the photo's grid along one axis. */
interface Between {
  before: number;
  after: number;
  share: number;
}

/** Where the samples of a window lie among those of the photo, along one axis. */
function samplesOf(start: number, length: number, modelLength: number, imageLength: number, imageModelLength: number) {
  const last = validSamples(imageModelLength) - 1;
  return Array.from({ length: validSamples(modelLength) }, (_, sample): Between => {
    const pixel = start + ((sample + 0.5) * CELL_SIDE * length) / modelLength;
    const place = (pixel * imageModelLength) / imageLength / CELL_SIDE - 0.5;
    const clamped = Math.min(Math.max(place, 0), last);
    const before = Math.floor(clamped);
    return { before, after: Math.min(before + 1, last), share: clamped - before };
  });
}

/** Area in pixels of the samples of a mask whose middles lie outside the window. */
function areaBeyond(logits: Float32Array, frame: ModelFrame, { left, top, width, height }: ImageWindow): number {
  const stepX = (CELL_SIDE * frame.imageWidth) / frame.modelWidth;
  const stepY = (CELL_SIDE * frame.imageHeight) / frame.modelHeight;
  let samples = 0;
  for (let row = 0; row < validSamples(frame.modelHeight); row++) {
    const y = (row + 0.5) * stepY;
    const isBeside = y < top || y > top + height;
    for (let column = 0; column < validSamples(frame.modelWidth); column++) {
      const x = (column + 0.5) * stepX;
      if (logits[row * GRID_SIDE + column]! > 0 && (isBeside || x < left || x > left + width)) samples++;
    }
  }
  return samples * cellArea(frame);
}

/** Pixels of the image in the cell of a sample. */
const cellArea = ({ imageWidth, imageHeight, modelWidth, modelHeight }: ModelFrame) =>
  (CELL_SIDE ** 2 * imageWidth * imageHeight) / (modelWidth * modelHeight);

const mix = (from: number, to: number, share: number) => from + share * (to - from);
