import type { PreviewedSegment } from '#contract/vision/outputs';
import type { ScoredMask } from '#geometry/segmented-image';
import type { ImageSize } from '#geometry/spaces';
import { toWireOutlines } from './to-wire-polygons.ts';

/**
 * Converts segments to the wire form of a preview with rings: polygons as a job answers them and, for each, the outline
 * and the holes that it is made of, in fractions 0..1 of the upright photo.
 */
export const toPreviewedSegments = ({
  imageWidth,
  imageHeight,
  segments,
}: ImageSize & { segments: readonly ScoredMask[] }): PreviewedSegment[] =>
  segments.map(({ score, parts }) => {
    const outlines = toWireOutlines(parts, { imageWidth, imageHeight });
    return { score, polygons: outlines.map(({ polygon }) => polygon), rings: outlines.map(({ rings }) => rings) };
  });
