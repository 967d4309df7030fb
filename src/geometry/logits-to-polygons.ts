import { contourLogits } from './contour-logits.ts';
import { createLogitGrid } from './logit-grid.ts';
import type { MaskPolygon } from './mask-polygon.ts';
import { type MarkedPoint, removeSpeckle, type SpeckleLimits } from './remove-speckle.ts';
import { simplifyPolygon } from './simplify-polygon.ts';
import { GRID_SIDE, type ModelFrame, pixelsPerModelPixel } from './spaces.ts';

/** How logits are cleaned up and simplified to polygons. */
export interface PolygonOptions extends SpeckleLimits {
  /**
   * How far simplified rings may lie from the contours at most, in pixels of the model's 1024 square, so that large
   * photos are simplified as much as small ones; 0 takes only points within straight runs.
   */
  toleranceModelPx: number;
  /** Least gain for which a vertex is kept: squared distance to the contour, times length, in cubic model pixels. */
  vertexPrice: number;
  /** Points of the prompt: clean-up and simplification leave them on the side that the logits have them on. */
  marks: readonly MarkedPoint[];
}

/** Limits chosen by measurement: docs/decisions/0027-simplify-polygons.md. */
export const DEFAULT_POLYGON_OPTIONS: PolygonOptions = {
  toleranceModelPx: 2,
  vertexPrice: 25,
  minPartFraction: 0.01,
  minHoleFraction: 0.005,
  marks: [],
};

/**
 * Converts a mask given as low-resolution logits (row-major, 256 x 256 over the model's square; above 0 is inside) to
 * polygons: its detached parts, largest first, in pixels of the upright image. Returns none if no logit on the image is
 * above 0.
 *
 * @throws RangeError for another number of logits
 */
export function logitsToPolygons(
  logits: Float32Array,
  frame: ModelFrame,
  options: Partial<PolygonOptions> = {},
): MaskPolygon[] {
  if (logits.length !== GRID_SIDE ** 2) {
    throw new RangeError(`expected ${GRID_SIDE} x ${GRID_SIDE} logits, got ${logits.length}`);
  }
  const { toleranceModelPx, vertexPrice, marks, ...speckleLimits } = { ...DEFAULT_POLYGON_OPTIONS, ...options };
  const contours = contourLogits(createLogitGrid(logits, frame));
  const scale = pixelsPerModelPixel(frame);
  const limits = {
    tolerancePx: toleranceModelPx * scale,
    vertexPrice: vertexPrice * scale ** 3,
    fixedPoints: marks.map(({ at }) => at),
  };
  return removeSpeckle(contours, speckleLimits, marks).map((part) => simplifyPolygon(part, limits));
}
