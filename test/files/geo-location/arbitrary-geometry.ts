import fc from 'fast-check';
import type { Geometry } from '#contract/files/geo-location';

type Position = [longitude: number, latitude: number];

/**
 * Geometries of all types with few positions on a small grid, so that corners meet, sides run along each other, rings
 * cross themselves and holes touch more often than not.
 */
export function arbitraryGeometry(size: number): fc.Arbitrary<Geometry> {
  const whole = fc.integer({ min: 0, max: size });
  const position = fc.tuple(whole, whole) as fc.Arbitrary<Position>;
  const path = fc.array(position, { minLength: 2, maxLength: 4 });
  const box = fc.tuple(position, position).map(([[a, b], [c, d]]): Position[] => [
    [a, b],
    [c, b],
    [c, d],
    [a, d],
  ]);
  const ring = fc
    .oneof(box, fc.array(position, { minLength: 3, maxLength: 5 }))
    .map((corners): Position[] => [...corners, corners[0]!]);
  const polygon = fc.array(ring, { minLength: 1, maxLength: 2 });
  const some = <Item>(item: fc.Arbitrary<Item>) => fc.array(item, { minLength: 1, maxLength: 3 });
  const of = (type: Geometry['type'], coordinates: fc.Arbitrary<unknown>) =>
    coordinates.map((value): Geometry => ({ type, coordinates: value as unknown[] }));
  return fc.oneof(
    of('Point', position),
    of('MultiPoint', some(position)),
    of('LineString', path),
    of('MultiLineString', some(path)),
    of('Polygon', polygon),
    of('MultiPolygon', some(polygon)),
  );
}
