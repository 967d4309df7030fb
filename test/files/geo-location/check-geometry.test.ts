import { describe, expect, it } from 'vitest';
import type { Geometry, GeometryType } from '#contract/files/geo-location';
import { checkGeometry } from '../../../src/files/geo-location/check-geometry.ts';

const check = (type: GeometryType, coordinates: unknown[], most = 100) =>
  checkGeometry({ type, coordinates } as Geometry, 'shape', most);
const RING = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 0],
];

describe('coordinates of a geometry', () => {
  it.each<[GeometryType, unknown[]]>([
    ['Point', [-180, 90]],
    ['MultiPoint', [[1, 2]]],
    [
      'LineString',
      [
        [1, 2],
        [1, 2],
      ],
    ],
    [
      'MultiLineString',
      [
        [
          [1, 2],
          [3, 4],
        ],
      ],
    ],
    ['Polygon', [RING]],
    ['MultiPolygon', [[RING, RING], [RING]]],
  ])('are accepted as GeoJSON has them: %s', (type, coordinates) => {
    expect(() => check(type, coordinates)).not.toThrow();
  });

  it.each<[GeometryType, unknown[], string]>([
    ['Point', [], 'shape.coordinates must be a position [longitude, latitude]'],
    ['Point', [1], 'shape.coordinates must be a position'],
    ['Point', [1, 2, 3], 'shape.coordinates must be a position'],
    ['Point', [181, 0], 'from -180 to 180'],
    ['Point', [0, 91], 'from -90 to 90'],
    ['Point', ['1', '2'], 'must be a position'],
    ['Point', [null, null], 'must be a position'],
    ['MultiPoint', [], 'shape.coordinates must be an array of 1 or more positions'],
    ['MultiPoint', [1, 2], 'shape.coordinates[0] must be a position'],
    ['LineString', [[1, 2]], '2 or more positions of a line'],
    [
      'MultiLineString',
      [
        [
          [1, 2],
          [3, 4],
        ],
        [[1, 2]],
      ],
      'shape.coordinates[1] must be an array of 2',
    ],
    ['Polygon', [RING.slice(1)], 'shape.coordinates[0] must be an array of 4'],
    ['Polygon', [[...RING.slice(0, 3), [2, 2]]], 'shape.coordinates[0] must end with its first position'],
    ['MultiPolygon', [RING], 'shape.coordinates[0][0] must be an array of 4'],
    ['MultiPolygon', [[{ 0: RING }]], 'shape.coordinates[0][0] must be an array'],
  ])('are refused otherwise: %s %j', (type, coordinates, message) => {
    expect(() => check(type, coordinates)).toThrow(message);
  });

  it('are counted', () => {
    expect(() => check('Polygon', [RING, RING], 8)).not.toThrow();
    expect(() => check('Polygon', [RING, RING], 7)).toThrow('shape has 8 positions, at most 7 are allowed');
  });
});
