import { MAX_VERTICES } from '#contract/limits';
import type { Vertex } from '#contract/vision/segment-job';
import { seamParts } from '#geometry/seam-parts';
import { readOutline } from '#outputs/outline-polygon';
import type { SetShape } from '#outputs/sets/set-format';
import { toParts } from '#outputs/sets/to-parts';

import type { ReadAnnotation } from './read-annotation.ts';

/** Coordinates on the wire are rounded to millionths of the photo. */
const STEPS = 1e6;
const UNIT = { imageWidth: 1, imageHeight: 1 };

/** `data` of an annotation of an object in a photo. */
export interface ObjectData {
  label: string;
  confidence?: number;
  attributes?: ReadAnnotation['attributes'];
  boundingBox?: { xMin: number; yMin: number; xMax: number; yMax: number };
  polygon?: { vertices: Vertex[] };
  polyline?: { vertices: Vertex[] };
}

/**
 * Converts an annotation to `data` of the API, its outline as one polygon with holes and parts as seams; undefined if
 * that would have more vertices than a polygon may have.
 */
export function toObjectData({ label, shape, score, attributes }: ReadAnnotation): ObjectData | undefined {
  const geometry = toGeometry(shape);
  if (geometry === undefined) return undefined;
  return { label, ...geometry, ...(score !== undefined && { confidence: score }), ...(attributes && { attributes }) };
}

function toGeometry(shape: SetShape): Partial<ObjectData> | undefined {
  if (shape.is === 'box') {
    const { is, ...boundingBox } = shape;
    return { boundingBox };
  }
  if (shape.is === 'line')
    return shape.vertices.length > MAX_VERTICES ? undefined : { polyline: { vertices: [...shape.vertices] } };
  const vertices = seamParts(toParts(shape, UNIT) ?? []).map(({ x, y }) => ({ x: rounded(x), y: rounded(y) }));
  return vertices.length > MAX_VERTICES ? undefined : { polygon: { vertices } };
}

/** Reads what `data` of an annotation marks; `other` for anything but an object with an outline, a box or a line. */
export function toShape({ boundingBox, polygon, polyline }: Partial<ObjectData>): SetShape {
  if (boundingBox !== undefined) return { is: 'box', ...boundingBox };
  if (polyline !== undefined) return { is: 'line', vertices: polyline.vertices };
  if (polygon === undefined) return { is: 'other' };
  return { is: 'outline', rings: readOutline(polygon) };
}

const rounded = (value: number) => Math.min(Math.max(Math.round(value * STEPS) / STEPS, 0), 1);
