import type { Segment } from '#contract/vision/segment-job';
import type { ScoredMask } from '#geometry/segmented-image';
import type { ImageSize } from '#geometry/spaces';
import { toWirePolygons } from './to-wire-polygons.ts';

/**
 * Converts segments to their wire form: polygons in fractions 0..1 of the upright photo, each hole cut in by a seam of
 * no width.
 */
export const toWireSegments = ({
  imageWidth,
  imageHeight,
  segments,
}: ImageSize & { segments: readonly ScoredMask[] }): Segment[] =>
  segments.map(({ score, parts }) => ({ score, polygons: toWirePolygons(parts, { imageWidth, imageHeight }) }));
