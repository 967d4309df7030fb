import type { Segment } from '../contract/segment-job.ts';
import { toWirePolygons } from '../geometry/to-wire-polygons.ts';
import type { SegmentedImage } from './segmented-image.ts';

/** Segments as the API answers them: polygons in unit coordinates, holes cut in by a seam. */
export const toWireSegments = ({ segments, ...size }: SegmentedImage): Segment[] =>
  segments.map(({ score, parts }) => ({ score, polygons: toWirePolygons(parts, size) }));
