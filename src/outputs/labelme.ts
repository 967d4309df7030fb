import { seamHoles } from '#geometry/seam-holes';
import type { ImageSize } from '#geometry/spaces';
import { defineFormat, type OutputSegment, roundPixels, toJson } from './output-format.ts';

/** Of LabelMe, whose file format has been the same since. */
const VERSION = '5.0.0';

/** A file of LabelMe. Source: github.com/wkentaro/labelme, `LabelFile.save` of label_file.py. */
export interface LabelMeFile {
  version: string;
  flags: Record<string, boolean>;
  shapes: {
    label: string;
    /** x and y in pixels of the upright photo. */
    points: [x: number, y: number][];
    /** The same for all parts of one segment. */
    group_id: number | null;
    description: string;
    shape_type: 'polygon';
    flags: Record<string, boolean>;
  }[];
  imagePath: string;
  /** The photo is beside the file, under its name, and not in it. */
  imageData: null;
  imageHeight: number;
  imageWidth: number;
}

/**
 * Segments of an image as a file of LabelMe: a polygon for each part, holes cut in by seams of no width, since its polygons have
 * none. The parts of a segment that has several share a group.
 */
export function toLabelMe(
  { imageWidth, imageHeight, imagePath }: ImageSize & { imagePath: string },
  segments: readonly OutputSegment[],
  label: string,
): LabelMeFile {
  return {
    version: VERSION,
    flags: {},
    shapes: segments.flatMap(({ index, parts }) =>
      parts.map((part) => ({
        label,
        points: seamHoles(part).map(({ x, y }): [number, number] => [roundPixels(x), roundPixels(y)]),
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
    label: { type: 'string' },
    points: {
      type: 'array',
      minItems: 3,
      items: { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2, description: 'x and y in pixels.' },
    },
    group_id: { type: ['integer', 'null'] },
    description: { type: 'string' },
    shape_type: { enum: ['polygon'] },
    flags: { type: 'object' },
  },
};

/** An annotation file to go on with by hand. */
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
      version: { type: 'string' },
      flags: { type: 'object' },
      shapes: { type: 'array', items: shapeSchema },
      imagePath: { type: 'string' },
      imageData: { type: 'null' },
      imageHeight: SIZE,
      imageWidth: SIZE,
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
