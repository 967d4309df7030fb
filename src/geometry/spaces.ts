declare const space: unique symbol;

interface Point<Space extends string> {
  readonly x: number;
  readonly y: number;
  readonly [space]: Space;
}

/** Fractions 0..1 of the width and height of the upright image, origin top-left: the space of the wire. */
export type UnitPoint = Point<'unit'>;
/** Continuous pixels of the upright image: pixel (0,0) covers [0,1] x [0,1], its centre is (0.5, 0.5). */
export type PixelPoint = Point<'pixel'>;
/** Continuous pixels of the model's square input, of which the resized image fills the top-left part. */
export type ModelPoint = Point<'model'>;
/** Samples of the logits grid: the one in column i, row j lies at (i, j), which is model point (4(i+0.5), 4(j+0.5)). */
export type GridPoint = Point<'grid'>;

/** Side of the model's square input in model pixels. Source: SAM, `ResizeLongestSide(1024)`. */
export const MODEL_SIDE = 1024;
/** Samples on a side of the low-resolution logits, which cover the whole square, padding included. */
export const GRID_SIDE = 256;
/** Side in model pixels of the cell around a grid sample. */
export const CELL_SIDE = MODEL_SIDE / GRID_SIDE;

/**
 * Placement of an image in the model's square: its upright size, and the size it is resized to, both in whole pixels.
 */
export interface ModelFrame {
  imageWidth: number;
  imageHeight: number;
  modelWidth: number;
  modelHeight: number;
}

/**
 * Computes the placement of an image of the given upright size: the longest side becomes 1024 model pixels, the rest of
 * the square is padding.
 */
export function fitToModel(imageWidth: number, imageHeight: number): ModelFrame {
  const scale = MODEL_SIDE / Math.max(imageWidth, imageHeight);
  const resized = (length: number) => Math.max(1, Math.round(length * scale));
  return { imageWidth, imageHeight, modelWidth: resized(imageWidth), modelHeight: resized(imageHeight) };
}

/** Makes a point in unit space: fractions of the upright image. */
export const unitPoint = (x: number, y: number) => ({ x, y }) as UnitPoint;
/** Makes a point in continuous pixels of the upright image. */
export const pixelPoint = (x: number, y: number) => ({ x, y }) as PixelPoint;
/** Makes a point in continuous pixels of the model's square input. */
export const modelPoint = (x: number, y: number) => ({ x, y }) as ModelPoint;
/** Makes a point in samples of the logits grid. */
export const gridPoint = (x: number, y: number) => ({ x, y }) as GridPoint;

/** Size of the upright image, which suffices for conversions between unit and pixel space. */
export type ImageSize = Pick<ModelFrame, 'imageWidth' | 'imageHeight'>;

/** Converts a point from fractions of the upright image to its pixels. */
export function unitToPixel({ x, y }: UnitPoint, { imageWidth, imageHeight }: ImageSize): PixelPoint {
  return pixelPoint(x * imageWidth, y * imageHeight);
}

/** Converts a point from pixels of the upright image to fractions of it. */
export function pixelToUnit({ x, y }: PixelPoint, { imageWidth, imageHeight }: ImageSize): UnitPoint {
  return unitPoint(x / imageWidth, y / imageHeight);
}

/**
 * Converts a point from image pixels to model pixels. The scale of each axis is the ratio of the two rounded sizes, so
 * that edges map to edges.
 */
export function pixelToModel({ x, y }: PixelPoint, frame: ModelFrame): ModelPoint {
  return modelPoint((x * frame.modelWidth) / frame.imageWidth, (y * frame.modelHeight) / frame.imageHeight);
}

/** Converts a point from model pixels to pixels of the upright image. */
export function modelToPixel({ x, y }: ModelPoint, frame: ModelFrame): PixelPoint {
  return pixelPoint((x * frame.imageWidth) / frame.modelWidth, (y * frame.imageHeight) / frame.modelHeight);
}

/** Converts a point from fractions of the upright image to model pixels. */
export function unitToModel({ x, y }: UnitPoint, frame: ModelFrame): ModelPoint {
  return modelPoint(x * frame.modelWidth, y * frame.modelHeight);
}

/** Converts a point from model pixels to fractions of the upright image. */
export function modelToUnit({ x, y }: ModelPoint, frame: ModelFrame): UnitPoint {
  return unitPoint(x / frame.modelWidth, y / frame.modelHeight);
}

/** Converts a point from model pixels to samples of the logits grid. */
export function modelToGrid({ x, y }: ModelPoint): GridPoint {
  return gridPoint(x / CELL_SIDE - 0.5, y / CELL_SIDE - 0.5);
}

/** Converts a point from samples of the logits grid to model pixels. */
export function gridToModel({ x, y }: GridPoint): ModelPoint {
  return modelPoint((x + 0.5) * CELL_SIDE, (y + 0.5) * CELL_SIDE);
}

/**
 * Number of image pixels per model pixel, on the axis where it is lower (the resized size is rounded, so the axes
 * differ).
 */
export function pixelsPerModelPixel({ imageWidth, imageHeight, modelWidth, modelHeight }: ModelFrame): number {
  return Math.min(imageWidth / modelWidth, imageHeight / modelHeight);
}

/**
 * Number of samples of a grid row (or column) whose centre lies on the image, given the model width (or height). At
 * least one, so that an image of one model pixel still has a sample.
 */
export function validSamples(modelLength: number): number {
  return Math.max(1, Math.ceil(modelLength / CELL_SIDE - 0.5));
}
