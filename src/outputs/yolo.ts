import type { Ring } from '#geometry/mask-polygon';
import { seamParts } from '#geometry/seam-parts';
import { type ImageSize, pixelToUnit } from '#geometry/spaces';
import { classLabels, labelOf } from './class-labels.ts';
import { defineFormat, type OutputSegment } from './output-format.ts';

/** Fractions have six decimals, as in the API's polygons. */
const DECIMALS = 6;

/**
 * Converts segments of an image to lines of YOLO segmentation labels: the index of the class, then x and y of each
 * vertex as fractions 0..1 of the upright image. A line is one object and one polygon, so each segment has one: holes
 * are cut in, and detached parts joined, by seams of no width, on which even-odd and non-zero filling agree.
 * Source: docs.ultralytics.com, "Instance Segmentation Datasets Overview".
 *
 * @param firstClass index of the first label; the others follow it in their order
 * @param labels in the order of their classes; default: as they occur
 */
export function toYolo(
  size: ImageSize,
  segments: readonly OutputSegment[],
  firstClass: number,
  labels?: readonly string[],
): string {
  const classes = classLabels({ labels, segments });
  return segments
    .map((segment) => {
      const index = firstClass + classes.indexOf(labelOf(segment));
      return `${[index, ...toFractions(seamParts(segment.parts), size)].join(' ')}\n`;
    })
    .join('');
}

const toFractions = (ring: Ring, size: ImageSize): string[] =>
  ring.flatMap((point) => {
    const { x, y } = pixelToUnit(point, size);
    return [toFraction(x), toFraction(y)];
  });

const toFraction = (value: number): string => String(Number(Math.min(Math.max(value, 0), 1).toFixed(DECIMALS)));

/** Output format `yolo`: labels for training a segmentation model of the YOLO family. */
export const yolo = defineFormat({
  name: 'yolo',
  operationId: 'getSegmentYolo',
  extension: 'txt',
  mediaType: 'text/plain',
  needs: [],
  writesAll: false,
  is: 'a line of YOLO segmentation labels, in fractions of the upright photo',
  summary: 'A segment as YOLO segmentation labels',
  description:
    'One line: the index of the class, then x and y of each vertex as fractions of the upright image. A line has neither holes nor detached parts, so holes are cut in and parts joined by seams of no width.',
  schema: { type: 'string' },
  options: {
    class: { type: 'integer', minimum: 0, maximum: 9999, default: 0, description: 'Index of the class.' },
  },
  write: (source, options) => toYolo(source, source.segments, options.class, source.labels),
});
