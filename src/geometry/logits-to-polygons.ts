import { contourLogits } from './contour-logits.ts';
import { createLogitGrid } from './logit-grid.ts';
import type { MaskPolygon } from './mask-polygon.ts';
import { removeSpeckle, type SpeckleLimits } from './remove-speckle.ts';
import { simplifyPolygon } from './simplify-polygon.ts';
import { GRID_SIDE, type ModelFrame, pixelsPerModelPixel } from './spaces.ts';

export interface PolygonOptions extends SpeckleLimits {
  /**
   * How far simplified rings may lie from the contours at most, in pixels of the model's 1024 square, so that large
   * photos are simplified as much as small ones; 0 takes only points within straight runs.
   */
  toleranceModelPx: number;
}

/**
 * Measured on masks of 179 box prompts (COCO): tolerance 1 gives 125 vertices a mask, 1.5 gives 99, 2 gives 86; at 1.5
 * the IoU with the unsimplified mask is .988, and with the annotated object .7301 instead of .7304.
 */
export const DEFAULT_POLYGON_OPTIONS: PolygonOptions = {
  toleranceModelPx: 1.5,
  minPartFraction: 0.005,
  minHoleFraction: 0.002,
};

/**
 * Polygons of a mask given as low-resolution logits (row-major, 256 x 256 over the model's square; above 0 is inside):
 * its detached parts, largest first, in pixels of the upright image. Logits above 0 nowhere on the image give no
 * polygons.
 */
export function logitsToPolygons(
  logits: Float32Array,
  frame: ModelFrame,
  options: Partial<PolygonOptions> = {},
): MaskPolygon[] {
  if (logits.length !== GRID_SIDE ** 2) {
    throw new RangeError(`expected ${GRID_SIDE} x ${GRID_SIDE} logits, got ${logits.length}`);
  }
  const { toleranceModelPx, ...speckleLimits } = { ...DEFAULT_POLYGON_OPTIONS, ...options };
  const contours = contourLogits(createLogitGrid(logits, frame));
  const tolerancePx = toleranceModelPx * pixelsPerModelPixel(frame);
  return removeSpeckle(contours, speckleLimits).map((part) => simplifyPolygon(part, tolerancePx));
}
