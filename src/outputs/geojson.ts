import { type MaskPolygon, partBounds, polygonArea, type Ring, signedArea } from '#geometry/mask-polygon';
import { type ImageSize, pixelPoint } from '#geometry/spaces';
import { defineFormat, type OutputSegment, roundPixels, toJson } from './output-format.ts';

/** The direction in which y grows. */
type YAxis = 'down' | 'up';

type Position = [x: number, y: number];
/** An outline and its holes; the last position of each ring repeats the first. */
type PolygonCoordinates = Position[][];

/** A FeatureCollection of RFC 7946, except that coordinates are pixels of the upright image and not places on earth. */
export interface GeoJsonSegments {
  type: 'FeatureCollection';
  features: {
    type: 'Feature';
    bbox: [left: number, top: number, right: number, bottom: number];
    properties: {
      segment: number;
      score: number;
      area: number;
      imageWidth: number;
      imageHeight: number;
      label?: string;
    };
    geometry:
      | { type: 'Polygon'; coordinates: PolygonCoordinates }
      | { type: 'MultiPolygon'; coordinates: PolygonCoordinates[] };
  }[];
}

/**
 * Converts segments of an image to GeoJSON: one feature each, a Polygon for one part and a MultiPolygon for several,
 * holes as inner rings. x runs to the right and y downwards from the top-left corner of the upright image, in pixels,
 * which RFC 7946 (section 4) allows by agreement; with `yAxis` `up`, y runs upwards from its bottom-left corner.
 * Outlines run counterclockwise and holes clockwise when y is taken to grow upwards, as section 3.1.6 requires and
 * readers compute. `area` is in square pixels.
 */
export function toGeoJson(
  { imageWidth, imageHeight }: ImageSize,
  segments: readonly OutputSegment[],
  yAxis: YAxis = 'down',
): GeoJsonSegments {
  const turned = yAxis === 'up' ? segments.map((segment) => upsideDown(segment, imageHeight)) : segments;
  return {
    type: 'FeatureCollection',
    features: turned.map(({ index, score, parts, label }) => {
      const polygons = parts.map(toPolygonCoordinates);
      const [first, ...others] = polygons;
      const { left, top, right, bottom } = partBounds(parts);
      const area = roundPixels(parts.reduce((sum, part) => sum + polygonArea(part), 0));
      return {
        type: 'Feature',
        bbox: [roundPixels(left), roundPixels(top), roundPixels(right), roundPixels(bottom)],
        properties: { segment: index, score, area, imageWidth, imageHeight, ...(label && { label }) },
        geometry:
          first !== undefined && others.length === 0
            ? { type: 'Polygon', coordinates: first }
            : { type: 'MultiPolygon', coordinates: polygons },
      };
    }),
  };
}

const toPolygonCoordinates = ({ outer, holes }: MaskPolygon): PolygonCoordinates => [
  toPositions(outer, 1),
  ...holes.map((hole) => toPositions(hole, -1)),
];

/** @param sign of the area as `signedArea` computes it: positive runs counterclockwise where y grows upwards */
function toPositions(ring: Ring, sign: 1 | -1): Position[] {
  const turned = signedArea(ring) * sign < 0 ? ring.toReversed() : ring;
  const positions = turned.map(({ x, y }): Position => [roundPixels(x), roundPixels(y)]);
  return [...positions, ...positions.slice(0, 1)];
}

/** Mirrors a segment vertically, so that y counts from the lower edge of the image. */
const upsideDown = (segment: OutputSegment, imageHeight: number): OutputSegment => {
  const mirror = (ring: Ring): Ring => ring.map(({ x, y }) => pixelPoint(x, imageHeight - y));
  return {
    ...segment,
    parts: segment.parts.map(({ outer, holes }) => ({ outer: mirror(outer), holes: holes.map(mirror) })),
  };
};

/** Output format `geojson`: a FeatureCollection with one feature, in pixels. */
export const geojson = defineFormat({
  name: 'geojson',
  operationId: 'getSegmentGeoJson',
  extension: 'geojson',
  mediaType: 'application/geo+json',
  needs: [],
  writesAll: false,
  is: 'a FeatureCollection with holes, in pixels of the upright photo',
  summary: 'A segment as GeoJSON',
  description:
    'A FeatureCollection of one Polygon or MultiPolygon with its holes (RFC 7946). Coordinates are not places on earth but pixels of the upright image, x to the right and y downwards from its top-left corner, which programs for maps show upside down unless yaxis is up.',
  schema: {
    type: 'object',
    required: ['type', 'features'],
    properties: {
      type: { enum: ['FeatureCollection'], description: 'A collection of GeoJSON.' },
      features: { type: 'array', items: { type: 'object' }, description: 'One for each segment.' },
    },
  },
  options: {
    yaxis: {
      type: 'string',
      enum: ['down', 'up'],
      default: 'down',
      description:
        'Which way y grows: down from the upper edge, as in images, or up from the lower edge, as programs for maps draw it; with down they show the segment upside down.',
    },
  },
  write: (source, { yaxis }) => toJson(toGeoJson(source, source.segments, yaxis), source),
});
