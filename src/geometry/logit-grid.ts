import { GRID_SIDE, gridPoint, gridToModel, type ModelFrame, modelToPixel, validSamples } from './spaces.ts';

/**
 * The logits that lie on the image, each with its position in the image, ready for contouring.
 *
 * Around the valid samples lie two more columns and rows on each side, both exactly on the image's border: the inner
 * repeats the nearest sample (so the mask reaches the border, and the padding has no effect), the outer is outside the
 * mask (so every contour closes, along the border where it must).
 */
export interface LogitGrid {
  columns: number;
  rows: number;
  /** Row-major, `columns * rows` logits; above 0 is inside the mask. */
  values: Float32Array;
  /** Pixel x of each column and pixel y of each row, ascending, from 0 to the image's width and height. */
  xs: Float64Array;
  ys: Float64Array;
}

const BORDER = 2;
const OUTSIDE = -1;
/** Keeps interpolation finite for logits that are not; far above what a decoder answers. */
const LARGEST_LOGIT = 1e6;

/** Crops the low-resolution logits (row-major, 256 x 256) to the image and adds its border. */
export function createLogitGrid(logits: Float32Array, frame: ModelFrame): LogitGrid {
  const validColumns = validSamples(frame.modelWidth);
  const validRows = validSamples(frame.modelHeight);
  const columns = validColumns + 2 * BORDER;
  const rows = validRows + 2 * BORDER;
  const values = new Float32Array(columns * rows).fill(OUTSIDE);
  for (let row = 1; row < rows - 1; row++) {
    const source = clamp(row - BORDER, 0, validRows - 1) * GRID_SIDE;
    for (let column = 1; column < columns - 1; column++) {
      values[row * columns + column] = finite(logits[source + clamp(column - BORDER, 0, validColumns - 1)]!);
    }
  }
  const place = (column: number, row: number) => modelToPixel(gridToModel(gridPoint(column, row)), frame);
  return {
    columns,
    rows,
    values,
    xs: placeSamples(validColumns, frame.imageWidth, (column) => place(column, 0).x),
    ys: placeSamples(validRows, frame.imageHeight, (row) => place(0, row).y),
  };
}

function placeSamples(count: number, imageLength: number, place: (sample: number) => number): Float64Array {
  const positions = new Float64Array(count + 2 * BORDER).fill(imageLength, count + BORDER);
  for (let sample = 0; sample < count; sample++) positions[sample + BORDER] = Math.min(place(sample), imageLength);
  return positions;
}

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);

/** Limits a logit to finite values; not a number counts as outside. */
const finite = (logit: number) => (logit > -LARGEST_LOGIT ? Math.min(logit, LARGEST_LOGIT) : -LARGEST_LOGIT);
