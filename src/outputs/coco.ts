import { MAX_ID } from '#contract/limits';
import { type MaskPolygon, partBounds, polygonArea } from '#geometry/mask-polygon';
import { seamParts } from '#geometry/seam-parts';
import type { ImageSize } from '#geometry/spaces';
import { classLabels, labelOf, UNNAMED } from './class-labels.ts';
import { defineFormat, type OutputSegment, roundPixels, toJson } from './output-format.ts';
import { compressRunLengths, countPixels, toRunLengths } from './run-lengths.ts';

/**
 * How an annotation writes its mask: `polygons`, one per part, holes cut in by seams, since COCO's polygons have none;
 * `rle`, the exact pixels of the mask in compressed run lengths; `uncompressed-rle`, the run lengths as numbers.
 */
const COCO_ENCODINGS = ['polygons', 'rle', 'uncompressed-rle'] as const;
type CocoEncoding = (typeof COCO_ENCODINGS)[number];

interface CocoAnnotation {
  id: number;
  image_id: number;
  category_id: number;
  /** 0 with run lengths too: the mask is of one object; readers tell the encodings apart by type. */
  iscrowd: 0;
  segmentation: number[][] | { size: [height: number, width: number]; counts: string | number[] };
  /** Square pixels: the area of the polygons, or the number of set pixels. */
  area: number;
  /** x, y, width, height in pixels. */
  bbox: [number, number, number, number];
  score: number;
}

/** A document of COCO's object detection format. Source: cocodataset.org, "Data format". */
export interface CocoDocument {
  images: { id: number; file_name: string; width: number; height: number }[];
  categories: { id: number; name: string; supercategory: string }[];
  annotations: CocoAnnotation[];
}

/** Every label is a kind of object. */
const SUPERCATEGORY = UNNAMED;

/**
 * Converts segments of one image to a COCO document: a category for each label, `object` for segments without one.
 * Coordinates are pixels of the upright image.
 *
 * @param giveWay awaited now and then while run lengths are computed
 */
export async function toCoco(
  image: ImageSize & { id: number; fileName: string; labels?: readonly string[] },
  segments: readonly OutputSegment[],
  encoding: CocoEncoding,
  giveWay: () => Promise<unknown>,
): Promise<CocoDocument> {
  const { id, fileName, imageWidth, imageHeight, labels } = image;
  const classes = classLabels({ labels, segments });
  const annotations: CocoAnnotation[] = [];
  for (const { index, score, parts, label } of segments) {
    annotations.push({
      id: index + 1,
      image_id: id,
      category_id: 1 + classes.indexOf(labelOf({ label })),
      iscrowd: 0,
      ...(await toSegmentation(parts, image, encoding, giveWay)),
      bbox: toBbox(parts),
      score,
    });
  }
  return {
    images: [{ id, file_name: fileName, width: imageWidth, height: imageHeight }],
    categories: classes.map((name, place) => ({ id: 1 + place, name, supercategory: SUPERCATEGORY })),
    annotations,
  };
}

/**
 * Converts the parts of a mask, in pixels of the upright image, to COCO's `segmentation` and `area`.
 *
 * @param giveWay awaited now and then while run lengths are computed
 */
export async function toSegmentation(
  parts: MaskPolygon[],
  image: ImageSize,
  encoding: CocoEncoding,
  giveWay: () => Promise<unknown>,
): Promise<Pick<CocoAnnotation, 'segmentation' | 'area'>> {
  return encoding === 'polygons' ? toPolygons(parts) : toRle(parts, image, encoding, giveWay);
}

function toPolygons(parts: MaskPolygon[]): Pick<CocoAnnotation, 'segmentation' | 'area'> {
  const segmentation = parts.map((part) => seamParts([part]).flatMap(({ x, y }) => [roundPixels(x), roundPixels(y)]));
  return { segmentation, area: roundPixels(parts.reduce((area, part) => area + polygonArea(part), 0)) };
}

async function toRle(
  parts: MaskPolygon[],
  image: ImageSize,
  encoding: Exclude<CocoEncoding, 'polygons'>,
  giveWay: () => Promise<unknown>,
): Promise<Pick<CocoAnnotation, 'segmentation' | 'area'>> {
  const lengths = await toRunLengths(parts, image, giveWay);
  const counts = encoding === 'rle' ? compressRunLengths(lengths) : lengths;
  return { segmentation: { size: [image.imageHeight, image.imageWidth], counts }, area: countPixels(lengths) };
}

/** Computes COCO's `bbox` of parts: x, y, width and height in pixels. */
export function toBbox(parts: MaskPolygon[]): CocoAnnotation['bbox'] {
  const { left, top, right, bottom } = partBounds(parts);
  return [roundPixels(left), roundPixels(top), roundPixels(right - left), roundPixels(bottom - top)];
}

const WIDTH = { type: 'integer', minimum: 1, description: 'Width of the upright image in pixels.' };
const HEIGHT = { ...WIDTH, description: 'Height of the upright image in pixels.' };
const FILE_ID = { type: 'integer', minimum: 1, maximum: MAX_ID, description: 'Id of the file.' };
const text = (description: string) => ({ type: 'string', description });
const NUMBERS = { type: 'array', items: { type: 'number' } };

const annotationSchema = {
  type: 'object',
  required: ['id', 'image_id', 'category_id', 'iscrowd', 'segmentation', 'area', 'bbox', 'score'],
  properties: {
    id: { type: 'integer', description: 'Number of the segment, from 1.' },
    image_id: FILE_ID,
    category_id: { type: 'integer', description: 'Id of the one category.' },
    iscrowd: { type: 'integer', minimum: 0, maximum: 1, description: '0: one object.' },
    segmentation: {
      description: 'Polygons in pixels, or run lengths.',
      anyOf: [
        { type: 'array', items: { ...NUMBERS, minItems: 6 } },
        {
          type: 'object',
          required: ['size', 'counts'],
          properties: {
            size: {
              type: 'array',
              items: { type: 'integer', minimum: 1 },
              minItems: 2,
              maxItems: 2,
              description: 'Height and width.',
            },
            counts: {
              anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'integer', minimum: 0 } }],
              description: 'Lengths of runs, column by column, compressed or as numbers.',
            },
          },
        },
      ],
    },
    area: { type: 'number', minimum: 0, description: 'Square pixels.' },
    bbox: { ...NUMBERS, minItems: 4, maxItems: 4, description: 'x, y, width, height in pixels.' },
    score: { type: 'number', minimum: 0, maximum: 1, description: 'How good the model takes the segment to be.' },
  },
};

/** Output format `coco`: a document of COCO's object detection format, with one annotation. */
export const coco = defineFormat({
  name: 'coco',
  aliases: { 'coco-rle': { encoding: 'rle' } },
  operationId: 'getSegmentCoco',
  extension: 'json',
  mediaType: 'application/json',
  needs: ['name'],
  writesAll: false,
  is: 'a COCO document with polygons, holes cut in by seams, or with run lengths',
  summary: 'A segment as a COCO document',
  description:
    'Image, category and annotation of the object detection format, in pixels of the upright image. COCO polygons have no holes, so these are cut in by seams of no width; run lengths are the pixels of mask.png.',
  schema: {
    $id: 'CocoDocument',
    type: 'object',
    required: ['images', 'categories', 'annotations'],
    properties: {
      images: {
        type: 'array',
        description: 'The one image.',
        items: {
          type: 'object',
          required: ['id', 'file_name', 'width', 'height'],
          properties: { id: FILE_ID, file_name: text('Name of the file.'), width: WIDTH, height: HEIGHT },
        },
      },
      categories: {
        type: 'array',
        description: 'The one category.',
        items: {
          type: 'object',
          required: ['id', 'name', 'supercategory'],
          properties: {
            id: { type: 'integer', description: 'Id of the category.' },
            name: text('Its name.'),
            supercategory: text('What it is a kind of.'),
          },
        },
      },
      annotations: { type: 'array', items: annotationSchema, description: 'One for each segment.' },
    },
  },
  options: {
    encoding: {
      type: 'string',
      enum: COCO_ENCODINGS,
      default: 'polygons',
      description: 'polygons with holes cut in by seams, or the pixels of the mask as run lengths.',
    },
  },
  async write(source, { encoding }, { giveWay }) {
    const { photo, segments, imageWidth, imageHeight } = source;
    const image = { id: photo.id, fileName: photo.name, imageWidth, imageHeight, labels: source.labels };
    return toJson(await toCoco(image, segments, encoding, giveWay), source);
  },
});
