import { type Static, Type } from 'typebox';
import { MAX_VERTICES, MIN_VERTICES } from '../limits.ts';

const Fraction = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });
const Coordinate = (axis: string) => Fraction(`Distance from the ${axis} edge, as a fraction of the photo's size.`);

/** How sure whoever made an annotation, or a part of it, is of it: 0 to 1. */
export const confidence = Type.Optional(Fraction('How sure the maker is, from 0 to 1.'));

/** A place in the photo: fractions of its width and height from the top left. */
export const AnnotationPointSchema = Type.Object(
  { x: Coordinate('left'), y: Coordinate('top'), confidence },
  { $id: 'AnnotationPoint', additionalProperties: false },
);

/** A rectangle along the edges of the photo, in fractions of its size. */
export const AnnotationBoundingBoxSchema = Type.Object(
  {
    xMin: Fraction('Left side; less than xMax.'),
    xMax: Fraction('Right side.'),
    yMin: Fraction('Upper side; less than yMax.'),
    yMax: Fraction('Lower side.'),
    confidence,
  },
  { $id: 'AnnotationBoundingBox', additionalProperties: false },
);
/** A rectangle along the edges of the photo, in fractions of its size. */
export type AnnotationBoundingBox = Static<typeof AnnotationBoundingBoxSchema>;

/** An area with one outline, in fractions of the photo's size; the last vertex joins the first. */
export const AnnotationPolygonSchema = Type.Object(
  {
    vertices: Type.Array(Type.Ref('AnnotationPoint'), {
      minItems: MIN_VERTICES,
      maxItems: MAX_VERTICES,
      description: 'Corners in order; the last joins the first.',
    }),
    confidence,
  },
  { $id: 'AnnotationPolygon', additionalProperties: false },
);

/** A line through points of the photo, in fractions of its size. */
export const AnnotationPolylineSchema = Type.Object(
  {
    vertices: Type.Array(Type.Ref('AnnotationPoint'), {
      minItems: 2,
      maxItems: MAX_VERTICES,
      description: 'Points in order.',
    }),
    confidence,
  },
  { $id: 'AnnotationPolyline', additionalProperties: false },
);

/** The three geometries of an annotation, as properties of which an object has exactly one. */
export const geometries = {
  boundingBox: Type.Optional(Type.Ref('AnnotationBoundingBox')),
  polygon: Type.Optional(Type.Ref('AnnotationPolygon')),
  polyline: Type.Optional(Type.Ref('AnnotationPolyline')),
};
/** Schema options of an object that has exactly one of `geometries`. */
export const ONE_GEOMETRY = {
  additionalProperties: false,
  oneOf: [{ required: ['boundingBox'] }, { required: ['polygon'] }, { required: ['polyline'] }],
};

/** Exactly one of a rectangle, an area and a line. */
export const AnnotationGeometrySchema = Type.Object(geometries, { $id: 'AnnotationGeometry', ...ONE_GEOMETRY });
