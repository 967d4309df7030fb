import { seamParts } from '#geometry/seam-parts';
import type { ImageSize } from '#geometry/spaces';
import { defineFormat, type OutputSegment, roundPixels, toJson } from './output-format.ts';

/** The version of LabelMe that the file format was written after; it has not changed since. */
const VERSION = '5.0.0';

/** A file of LabelMe. Source: github.com/wkentaro/labelme, `LabelFile.save` of label_file.py. */
export interface LabelMeFile {
  version: string;
  flags: Record<string, boolean>;
  shapes: {
    label: string;
    /** x and y in pixels of the upright photo. */
    points: [x: number, y: number][];
    /** Equal for all parts of one segment; null if it has one part. */
    group_id: number | null;
    description: string;
    shape_type: 'polygon';
    flags: Record<string, boolean>;
  }[];
  imagePath: string;
  /** The photo is a separate file, referenced by its name. */
  imageData: null;
  imageHeight: number;
  imageWidth: number;
}

/**
 * Converts segments of an image to a LabelMe file: one polygon per part, holes cut in by seams of no width, since its
 * polygons have none. The parts of a segment with several share a group.
 *
 * @param label of segments that have none
 */
export function toLabelMe(
  { imageWidth, imageHeight, imagePath }: ImageSize & { imagePath: string },
  segments: readonly OutputSegment[],
  label: string,
): LabelMeFile {
  return {
    version: VERSION,
    flags: {},
    shapes: segments.flatMap(({ index, parts, label: own }) =>
      parts.map((part) => ({
        label: own || label,
        points: seamParts([part]).map(({ x, y }): [number, number] => [roundPixels(x), roundPixels(y)]),
        group_id: parts.length > 1 ? index : null,
        description: '',
        shape_type: 'polygon' as const,
        flags: {},
      })),
    ),
    imagePath,
    imageData: null,
    imageHeight,
    imageWidth,
  };
}

const SIZE = { type: 'integer', minimum: 1 };
const shapeSchema = {
  type: 'object',
  required: ['label', 'points', 'group_id', 'description', 'shape_type', 'flags'],
  properties: {
    label: { type: 'string', description: 'What the segment is of.' },
    points: {
      type: 'array',
      description: 'Corners of one part.',
      minItems: 3,
      items: { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2, description: 'x and y in pixels.' },
    },
    group_id: { type: ['integer', 'null'], description: 'Shared by the parts of one segment.' },
    description: { type: 'string', description: 'Always empty.' },
    shape_type: { enum: ['polygon'], description: 'Every shape is a polygon.' },
    flags: { type: 'object', description: 'Always empty.' },
  },
};

/** Output format `labelme`: an annotation file to edit further by hand. */
export const labelme = defineFormat({
  name: 'labelme',
  operationId: 'getSegmentLabelMe',
  extension: 'json',
  mediaType: 'application/json',
  needs: ['name'],
  writesAll: false,
  is: 'a LabelMe file with polygons, holes cut in by seams, in pixels of the upright photo',
  summary: 'A segment as a LabelMe file',
  description:
    'A polygon for each detached part, in pixels of the upright image; the parts of one segment share a group. LabelMe polygons have no holes, so these are cut in by seams of no width. The photo belongs beside the file, under the name in imagePath.',
  schema: {
    type: 'object',
    required: ['version', 'flags', 'shapes', 'imagePath', 'imageData', 'imageHeight', 'imageWidth'],
    properties: {
      version: { type: 'string', description: 'Version of LabelMe whose format this is.' },
      flags: { type: 'object', description: 'Always empty.' },
      shapes: { type: 'array', items: shapeSchema, description: 'The parts of the segment.' },
      imagePath: { type: 'string', description: 'Name of the photo, which belongs beside this file.' },
      imageData: { type: 'null', description: 'The photo is not in this file.' },
      imageHeight: { ...SIZE, description: 'Height of the upright image in pixels.' },
      imageWidth: { ...SIZE, description: 'Width of the upright image in pixels.' },
    },
  },
  options: {
    label: {
      type: 'string',
      minLength: 1,
      maxLength: 200,
      default: 'object',
      description: 'What the segment is of.',
    },
  },
  write(source, options) {
    const { imageWidth, imageHeight, photo, segments } = source;
    return toJson(toLabelMe({ imageWidth, imageHeight, imagePath: photo.name }, segments, options.label), source);
  },
});
