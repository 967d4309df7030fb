import type { Segment } from '#contract/vision/segment-job';
import { toWirePolygons } from '#geometry/to-wire-polygons';
import type { SegmentedImage } from './segmented-image.ts';

/** Segments as the API answers them: polygons in unit coordinates, holes cut in by a seam. */
export const toWireSegments = ({ segments, ...size }: SegmentedImage): Segment[] =>
  segments.map(({ score, parts }) => ({ score, polygons: toWirePolygons(parts, size) }));
