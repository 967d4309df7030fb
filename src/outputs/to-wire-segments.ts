import type { Segment } from '#contract/vision/segment-job';
import type { MaskPolygon } from '#geometry/mask-polygon';
import type { ImageSize } from '#geometry/spaces';
import { toWirePolygons } from './to-wire-polygons.ts';

/** Segments as the API answers them: polygons in fractions of the upright photo, each hole cut in by a seam of no width. */
export const toWireSegments = ({
  segments,
  ...size
}: ImageSize & { segments: readonly { score: number; parts: readonly MaskPolygon[] }[] }): Segment[] =>
  segments.map(({ score, parts }) => ({ score, polygons: toWirePolygons(parts, size) }));
