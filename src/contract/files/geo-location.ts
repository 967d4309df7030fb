import { type Static, Type } from 'typebox';

/** Types of geometry that a file may have and be searched for by (GeoJSON, RFC 7946, 3.1). */
export const GEOMETRY_TYPES = [
  'Point',
  'MultiPoint',
  'LineString',
  'MultiLineString',
  'Polygon',
  'MultiPolygon',
] as const;
/** Type of a GeoJSON geometry that a file can have (RFC 7946). */
export type GeometryType = (typeof GEOMETRY_TYPES)[number];

const RELATIONS = ['intersects', 'disjoint', 'within'] as const;

/** Most positions of the geometry of a file. A filter, which is compared with many files, has a lower limit. */
export const MAX_FILE_POSITIONS = 10_000;
/** Most positions of the geometry of a filter, which is compared with many files. */
export const MAX_FILTER_POSITIONS = 1000;

const geometry = Type.Object(
  {
    type: Type.Unsafe<GeometryType>({
      type: 'string',
      enum: [...GEOMETRY_TYPES],
      description: 'Type of the geometry.',
    }),
    coordinates: Type.Array(Type.Unknown(), {
      description: 'Positions [longitude, latitude] in degrees, in arrays as deep as GeoJSON has them for the type.',
    }),
  },
  {
    additionalProperties: true,
    description: `A geometry of GeoJSON: at most ${MAX_FILE_POSITIONS} positions of a file, and ${MAX_FILTER_POSITIONS} of a filter.`,
  },
);
/** A GeoJSON geometry: positions are [longitude, latitude] in degrees (RFC 7946). */
export type Geometry = Static<typeof geometry>;

/**
 * Place of a file on the map: a GeoJSON Feature, kept with all foreign members that GeoJSON allows
 * (docs/contract.md#files-geolocation).
 */
export const geoLocation = Type.Object(
  {
    type: Type.Unsafe<'Feature'>({ type: 'string', enum: ['Feature'], description: 'A feature of GeoJSON.' }),
    geometry,
    properties: Type.Optional(
      Type.Object({}, { additionalProperties: true, description: 'Own properties of the feature.' }),
    ),
  },
  { additionalProperties: true, description: 'Place on the map.' },
);
/** Place of a file: a GeoJSON feature (RFC 7946). */
export type GeoLocation = Static<typeof geoLocation>;

/** The place that files are searched for (docs/contract.md#files-filter-by-place). */
export const geoLocationFilter = Type.Object(
  {
    relation: Type.Unsafe<(typeof RELATIONS)[number]>({
      type: 'string',
      enum: [...RELATIONS],
      description: 'How the file lies to the shape.',
    }),
    shape: geometry,
  },
  {
    description:
      'Files whose geoLocation has at least one point in common with the shape (intersects), none (disjoint), or no point outside of it (within). The boundary belongs to a shape; files without geoLocation never fit. A page of a list may have fewer files than its limit, or none, and yet a nextCursor; search and aggregate are refused where one request does not suffice to compare all files.',
  },
);
/** Condition on the place of a file: a relation, and a shape in degrees. */
export type GeoLocationFilter = Static<typeof geoLocationFilter>;
