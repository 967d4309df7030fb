import { type MaskPolygon, polygonArea } from './mask-polygon.ts';
import { type OutputSegment, partBounds, roundPixels } from './output-segment.ts';
import { compressRunLengths, countPixels, toRunLengths } from './run-lengths.ts';
import { seamHoles } from './seam-holes.ts';
import type { ImageSize } from './spaces.ts';

/**
 * How an annotation writes its mask: `polygons`, one for each part, holes cut in by seams, since COCO's polygons have none;
 * `rle`, the very pixels of the mask in compressed run lengths; `uncompressed-rle`, the same as numbers.
 */
export const COCO_ENCODINGS = ['polygons', 'rle', 'uncompressed-rle'] as const;
export type CocoEncoding = (typeof COCO_ENCODINGS)[number];

interface CocoAnnotation {
  id: number;
  image_id: number;
  category_id: number;
  /** 0 with run lengths too: the mask is of one object, which is what 0 says; readers tell the encodings apart by type. */
  iscrowd: 0;
  segmentation: number[][] | { size: [height: number, width: number]; counts: string | number[] };
  /** Square pixels: of the polygons, or the number of pixels that are set. */
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

/** A segment does not say what it is of. */
const CATEGORY = { id: 1, name: 'object', supercategory: 'object' };

/** Segments of one image as a COCO document. Coordinates are pixels of the upright image. */
export function toCoco(
  image: ImageSize & { id: number; fileName: string },
  segments: readonly OutputSegment[],
  encoding: CocoEncoding,
): CocoDocument {
  const { id, fileName, imageWidth, imageHeight } = image;
  return {
    images: [{ id, file_name: fileName, width: imageWidth, height: imageHeight }],
    categories: [CATEGORY],
    annotations: segments.map(({ index, score, parts }) => ({
      id: index + 1,
      image_id: id,
      category_id: CATEGORY.id,
      iscrowd: 0,
      ...(encoding === 'polygons' ? toPolygons(parts) : toRle(parts, image, encoding)),
      bbox: toBbox(parts),
      score,
    })),
  };
}

function toPolygons(parts: MaskPolygon[]): Pick<CocoAnnotation, 'segmentation' | 'area'> {
  const segmentation = parts.map((part) => seamHoles(part).flatMap(({ x, y }) => [roundPixels(x), roundPixels(y)]));
  return { segmentation, area: roundPixels(parts.reduce((area, part) => area + polygonArea(part), 0)) };
}

function toRle(
  parts: MaskPolygon[],
  image: ImageSize,
  encoding: Exclude<CocoEncoding, 'polygons'>,
): Pick<CocoAnnotation, 'segmentation' | 'area'> {
  const lengths = toRunLengths(parts, image);
  const counts = encoding === 'rle' ? compressRunLengths(lengths) : lengths;
  return { segmentation: { size: [image.imageHeight, image.imageWidth], counts }, area: countPixels(lengths) };
}

function toBbox(parts: MaskPolygon[]): CocoAnnotation['bbox'] {
  const { left, top, right, bottom } = partBounds(parts);
  return [roundPixels(left), roundPixels(top), roundPixels(right - left), roundPixels(bottom - top)];
}
