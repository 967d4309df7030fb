import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Geometry, GeometryType } from '#contract/files/geo-location';
import { type PlaneShape, toPlaneShape } from '../../../src/files/geo-location/plane-shape.ts';
import * as relations from '../../../src/files/geo-location/relate-shapes.ts';
import { arbitraryGeometry } from './arbitrary-geometry.ts';
import { slivers, zigzag } from './costly-shapes.ts';
import { relateBySamples } from './sample-relations.ts';

type Point = [number, number];

/** The answer, and how many steps and pauses it took. */
function decide(relation: typeof relations.isWithin, one: PlaneShape, other: PlaneShape) {
  const work = { steps: 0 };
  const relating = relation(one, other, work);
  for (let pauses = 0; ; pauses++) {
    const { done, value } = relating.next();
    if (done) return { answer: value, steps: work.steps, pauses };
  }
}
const isWithin = (one: PlaneShape, other: PlaneShape) => decide(relations.isWithin, one, other).answer;
const shapesIntersect = (one: PlaneShape, other: PlaneShape) => decide(relations.shapesIntersect, one, other).answer;

const shape = (type: GeometryType, coordinates: unknown[]) => toPlaneShape({ type, coordinates } as Geometry);
const box = (left: number, bottom: number, right: number, top: number): Point[] => [
  [left, bottom],
  [right, bottom],
  [right, top],
  [left, top],
  [left, bottom],
];
const point = (x: number, y: number) => shape('Point', [x, y]);
const line = (...positions: Point[]) => shape('LineString', positions);
const polygon = (...rings: Point[][]) => shape('Polygon', rings);

const SQUARE = polygon(box(0, 0, 10, 10));
const RING = polygon(box(0, 0, 10, 10), box(3, 3, 7, 7));
/** An U that is open at the top. */
const BAY = polygon([
  [0, 0],
  [10, 0],
  [10, 10],
  [7, 10],
  [7, 3],
  [3, 3],
  [3, 10],
  [0, 10],
  [0, 0],
]);
const CROSSING = line([-1, 5], [11, 5]);
const TWO = shape('MultiPolygon', [[box(0, 0, 4, 4)], [box(6, 6, 10, 10)]]);
/** Two parts of the square that share a side, that lie over each other, and that share no more than a corner. */
const HALVES = shape('MultiPolygon', [[box(0, 0, 5, 10)], [box(5, 0, 10, 10)]]);
const LAPPED = shape('MultiPolygon', [[box(0, 0, 6, 10)], [box(4, 0, 10, 10)]]);
const CORNERS = shape('MultiPolygon', [[box(0, 0, 5, 5)], [box(5, 5, 10, 10)]]);

describe('how two shapes relate', () => {
  const cases: [what: string, one: PlaneShape, area: PlaneShape, intersects: boolean, within: boolean][] = [
    ['a point in a polygon', point(1, 1), SQUARE, true, true],
    ['a point outside, in the box of a bay', point(5, 8), BAY, false, false],
    ['a point on a side', point(10, 5), SQUARE, true, true],
    ['a point on a corner', point(0, 0), SQUARE, true, true],
    ['a point level with corners, outside', point(-1, 0), SQUARE, false, false],
    ['a point in a hole', point(5, 5), RING, false, false],
    ['a point on the side of a hole', point(3, 5), RING, true, true],
    ['the same point', point(1, 2), point(1, 2), true, true],
    ['another point', point(1, 2), point(2, 1), false, false],
    ['a point on a line', point(5, 5), CROSSING, true, true],
    ['a point in line with a line, past its end', point(12, 5), CROSSING, false, false],
    ['a polygon, of a point inside it', SQUARE, point(1, 1), true, false],
    [
      'points, some of them inside',
      shape('MultiPoint', [
        [1, 1],
        [11, 1],
      ]),
      SQUARE,
      true,
      false,
    ],
    [
      'points, all of them inside',
      shape('MultiPoint', [
        [1, 1],
        [9, 1],
      ]),
      SQUARE,
      true,
      true,
    ],
    [
      'points in points',
      shape('MultiPoint', [[1, 1]]),
      shape('MultiPoint', [
        [2, 2],
        [1, 1],
      ]),
      true,
      true,
    ],
    ['a line that crosses, no end of it inside', CROSSING, SQUARE, true, false],
    ['a line inside', line([1, 1], [9, 9]), SQUARE, true, true],
    ['a line from corner to corner', line([0, 0], [10, 10]), SQUARE, true, true],
    ['a line along a side', line([2, 0], [8, 0]), SQUARE, true, true],
    ['a line along a side and past its end', line([2, 0], [12, 0]), SQUARE, true, false],
    ['a line that touches a corner', line([-1, 1], [1, -1]), SQUARE, true, false],
    ['a line that passes a corner', line([-2, 1], [1, -2]), SQUARE, false, false],
    ['a line across a hole, with its ends in the polygon', line([1, 5], [9, 5]), RING, true, false],
    ['a line in a hole', line([4, 4], [6, 6]), RING, false, false],
    ['a line along the side of a hole', line([3, 3], [3, 7]), RING, true, true],
    ['a line across a bay', line([1, 8], [9, 8]), BAY, true, false],
    ['a line through corners of a bay', line([3, 3], [7, 3]), BAY, true, true],
    ['part of a line', line([1, 5], [2, 5]), CROSSING, true, true],
    [
      'a line in two parts of lines that meet',
      line([1, 0], [3, 0]),
      shape('MultiLineString', [
        [
          [0, 0],
          [2, 0],
        ],
        [
          [2, 0],
          [4, 0],
        ],
      ]),
      true,
      true,
    ],
    [
      'a line over a gap between lines',
      line([1, 0], [4, 0]),
      shape('MultiLineString', [
        [
          [0, 0],
          [2, 0],
        ],
        [
          [3, 0],
          [5, 0],
        ],
      ]),
      true,
      false,
    ],
    ['lines that cross', line([0, 0], [2, 2]), line([0, 2], [2, 0]), true, false],
    ['lines that touch at an end', line([0, 0], [2, 2]), line([2, 2], [4, 0]), true, false],
    ['parallel lines', line([0, 0], [2, 2]), line([0, 1], [2, 3]), false, false],
    ['the same polygon', SQUARE, SQUARE, true, true],
    [
      'the same polygon from another corner',
      SQUARE,
      polygon([
        [10, 0],
        [10, 10],
        [0, 10],
        [0, 0],
        [10, 0],
      ]),
      true,
      true,
    ],
    ['a polygon inside', polygon(box(1, 1, 2, 2)), SQUARE, true, true],
    ['a polygon inside that shares a side', polygon(box(0, 1, 2, 2)), SQUARE, true, true],
    ['a polygon around', polygon(box(-1, -1, 11, 11)), SQUARE, true, false],
    ['a polygon that crosses', polygon(box(5, 5, 15, 15)), SQUARE, true, false],
    ['a polygon that crosses without a corner inside', polygon(box(-1, 4, 11, 6)), SQUARE, true, false],
    ['a polygon that touches along a side', polygon(box(10, 0, 20, 10)), SQUARE, true, false],
    ['a polygon apart', polygon(box(11, 0, 20, 10)), SQUARE, false, false],
    ['a polygon in a hole', polygon(box(4, 4, 6, 6)), RING, false, false],
    ['a polygon that fills a hole', polygon(box(3, 3, 7, 7)), RING, true, false],
    ['a polygon around a hole', polygon(box(2, 2, 8, 8)), RING, true, false],
    ['a polygon without the hole', SQUARE, RING, true, false],
    ['a polygon with the same hole', RING, RING, true, true],
    ['a polygon with a larger hole', polygon(box(1, 1, 9, 9), box(2, 2, 8, 8)), RING, true, true],
    ['a polygon with a hole, in one without', RING, SQUARE, true, true],
    ["a polygon with all corners in a bay's arms", polygon(box(1, 5, 9, 6)), BAY, true, false],
    ['a polygon that fills a bay', polygon(box(3, 3, 7, 10)), BAY, true, false],
    ['polygons, each in another part', shape('MultiPolygon', [[box(1, 1, 2, 2)], [box(7, 7, 8, 8)]]), TWO, true, true],
    [
      'polygons, one of them between the parts',
      shape('MultiPolygon', [[box(1, 1, 2, 2)], [box(4.5, 4.5, 5.5, 5.5)]]),
      TWO,
      true,
      false,
    ],
    ['a polygon over two parts', polygon(box(3, 3, 7, 7)), TWO, true, false],
    ['a polygon over two parts that share a side', polygon(box(2, 1, 8, 9)), HALVES, true, true],
    ['a polygon that two parts cover together', polygon(box(2, 1, 8, 9)), LAPPED, true, true],
    ['a polygon over a gap as wide as a line', polygon(box(2, 1, 8, 9)), line([5, 0], [5, 10]), true, false],
    ['a line over two parts that share a corner', line([1, 1], [9, 9]), CORNERS, true, true],
    ['a line next to the corner that two parts share', line([1, 1.5], [8.5, 9]), CORNERS, true, false],
    ['a polygon in a line around it', polygon(box(0, 0, 10, 10)), line(...box(0, 0, 10, 10)), true, false],
    ['a line that does not leave its position, inside', line([1, 1], [1, 1]), SQUARE, true, true],
    ['a line that does not leave its position, outside', line([11, 1], [11, 1]), SQUARE, false, false],
    [
      'a polygon without area, outside of a bay',
      polygon([
        [5, 5],
        [5, 9],
        [5, 5],
        [5, 5],
      ]),
      BAY,
      false,
      false,
    ],
    [
      'a polygon without area, inside',
      polygon([
        [1, 5],
        [1, 9],
        [1, 5],
        [1, 5],
      ]),
      BAY,
      true,
      true,
    ],
  ];
  it.each(cases)('%s', (_, one, area, intersects, within) => {
    expect(shapesIntersect(one, area)).toBe(intersects);
    expect(shapesIntersect(area, one)).toBe(intersects);
    expect(isWithin(one, area)).toBe(within);
  });

  const position = fc.tuple(fc.integer({ min: -6, max: 6 }), fc.integer({ min: -6, max: 6 })) as fc.Arbitrary<Point>;
  const cross = ([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point) => (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  /** Against the clock. */
  const triangle = fc
    .tuple(position, position, position)
    .filter(([a, b, c]) => cross(a, b, c) !== 0)
    .map(([a, b, c]) => (cross(a, b, c) > 0 ? [a, b, c] : [a, c, b]));
  const sides = (corners: Point[]) => corners.map((corner, index) => [corner, corners[(index + 1) % 3]!] as const);
  const closed = (corners: Point[]) => polygon([...corners, corners[0]!]);

  it('triangles intersect unless a side of one has all of the other one outside', () => {
    const apart = (one: Point[], other: Point[]) =>
      sides(one).some(([a, b]) => other.every((corner) => cross(a, b, corner) < 0));
    fc.assert(
      fc.property(triangle, triangle, (one, other) => {
        expect(shapesIntersect(closed(one), closed(other))).toBe(!apart(one, other) && !apart(other, one));
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  it('a triangle is within another one if its corners are', () => {
    fc.assert(
      fc.property(triangle, triangle, fc.integer({ min: 1, max: 4 }), (one, other, factor) => {
        const larger = other.map(([x, y]): Point => [x * factor, y * factor]);
        const inside = one.every((corner) => sides(larger).every(([a, b]) => cross(a, b, corner) >= 0));
        expect(isWithin(closed(one), closed(larger))).toBe(inside);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  it('any two geometries relate as samples of the plane do', () => {
    fc.assert(
      fc.property(arbitraryGeometry(5), arbitraryGeometry(5), (one, other) => {
        const { intersects, within } = relateBySamples(one, other);
        expect(shapesIntersect(toPlaneShape(one), toPlaneShape(other))).toBe(intersects);
        expect(shapesIntersect(toPlaneShape(other), toPlaneShape(one))).toBe(intersects);
        expect(isWithin(toPlaneShape(one), toPlaneShape(other))).toBe(within);
      }),
      { numRuns: 800, seed: 1 },
    );
  });

  it('a position on a slanted edge is on it, although rounding moves it, and one next to it is not', () => {
    const decimal = fc.integer({ min: -1000, max: 1000 }).map((tenths) => tenths / 10);
    const corner = fc.tuple(decimal, decimal) as fc.Arbitrary<Point>;
    const part = fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10);
    const between = ([ax, ay]: Point, [bx, by]: Point, at: number): Point => [ax + (bx - ax) * at, ay + (by - ay) * at];
    fc.assert(
      fc.property(corner, corner, corner, part, part, (a, b, c, one, other) => {
        fc.pre(Math.abs(cross(a, b, c)) > 1);
        const area = closed([a, b, c]);
        const [from, to] = [between(a, b, one), between(a, b, other)];
        for (const on of [point(...from), line(from, to)]) {
          expect([isWithin(on, area), shapesIntersect(on, area), shapesIntersect(area, on)]).toEqual([
            true,
            true,
            true,
          ]);
        }
        // Away from the third corner, so off the triangle.
        const [awayX, awayY] = between(c, from, 1 + 1e-8);
        const off = point(awayX, awayY);
        expect([isWithin(off, area), shapesIntersect(off, area)]).toEqual([false, false]);
        expect(isWithin(line([awayX, awayY], to), area)).toBe(false);
      }),
      { numRuns: 1000, seed: 1 },
    );
  });

  it('geometries relate alike wherever they are and however large', () => {
    const moved = (geometry: Geometry, size: number, [x, y]: Point): Geometry => {
      const move = (value: unknown): unknown =>
        Array.isArray(value) && typeof value[0] === 'number'
          ? [x + value[0] * size, y + value[1] * size]
          : (value as unknown[]).map(move);
      return { ...geometry, coordinates: move(geometry.coordinates) as unknown[] };
    };
    const size = fc.integer({ min: -20, max: 3 }).map((exponent) => 2 ** exponent);
    fc.assert(
      fc.property(arbitraryGeometry(6), arbitraryGeometry(6), size, position, (one, other, factor, by) => {
        const [here, there] = [one, moved(one, factor, by)].map(toPlaneShape) as [PlaneShape, PlaneShape];
        const [around, beyond] = [other, moved(other, factor, by)].map(toPlaneShape) as [PlaneShape, PlaneShape];
        expect(isWithin(there, beyond)).toBe(isWithin(here, around));
        expect(shapesIntersect(there, beyond)).toBe(shapesIntersect(here, around));
      }),
      { numRuns: 2000, seed: 1 },
    );
  });
});

describe('what a relation costs', () => {
  const range = (count: number) => Array.from({ length: count }, (_, index) => index);
  /** A star around (5, 5), the points of it on one circle and its corners between them on another one. */
  const star = (corners: number, inner: number, outer: number) => {
    const ring = range(corners).map((index): Point => {
      const [angle, radius] = [(index / corners) * 2 * Math.PI, index % 2 === 0 ? outer : inner];
      return [5 + radius * Math.cos(angle), 5 + radius * Math.sin(angle)];
    });
    return [...ring, ring[0]!];
  };
  const grid = (across: number) =>
    range(across * across).map((index) => {
      const [x, y] = [3 + (index % across) * (4 / across), 3 + Math.floor(index / across) * (4 / across)];
      return box(x, y, x + 1 / across, y + 1 / across);
    });

  const cases: [what: string, one: PlaneShape, area: PlaneShape, within: boolean][] = [
    ['a zigzag over slivers', toPlaneShape(zigzag(1000)), toPlaneShape(slivers(150)), true],
    [
      'points among slivers',
      shape(
        'MultiPoint',
        range(3000).map((index) => [0.4, 0.1 + index / 310]),
      ),
      toPlaneShape(slivers(248)),
      true,
    ],
    [
      'a polygon full of holes in a star',
      polygon(box(2.9, 2.9, 7.1, 7.1), ...grid(20)),
      polygon(star(900, 4, 4.9)),
      true,
    ],
    [
      'a star over a polygon full of holes',
      polygon(star(2000, 0.1, 4.8)),
      polygon(box(0, 0, 10, 10), ...grid(14)),
      false,
    ],
    [
      'a star around polygons',
      polygon(star(2000, 4, 4.8)),
      shape(
        'MultiPolygon',
        [...grid(14)].map((ring) => [ring]),
      ),
      false,
    ],
    ['the same star', polygon(star(900, 1, 4.8)), polygon(star(900, 1, 4.8)), true],
    ['a comb across another one', polygon(comb(400)), polygon(comb(400).map(([x, y]): Point => [y, x])), false],
  ];
  it.each(cases)('is at most some steps for each two edges: %s', (_, one, area, within) => {
    const most = 4 * (one.count + 1) * area.count + 4 * area.count * (one.count + area.count);
    const found = decide(relations.isWithin, one, area);
    expect(found.answer).toBe(within);
    expect(found.steps).toBeLessThan(most);
    for (const pair of [
      [one, area],
      [area, one],
    ] as const) {
      expect(decide(relations.shapesIntersect, ...pair).steps).toBeLessThan(2 * one.count * area.count + area.count);
    }
  });

  it('grows no faster than the positions', () => {
    const steps = (count: number) =>
      decide(relations.isWithin, toPlaneShape(zigzag(count)), toPlaneShape(slivers(50))).steps;
    expect(steps(1000) / steps(500)).toBeLessThan(2.1);
  });

  it('is next to nothing for what is far from all edges but a few', () => {
    const coast = polygon(star(999, 4.7, 4.9));
    const island = polygon(star(9000, 0.2, 0.4));
    expect(decide(relations.isWithin, island, coast)).toMatchObject({ answer: true });
    expect(decide(relations.isWithin, island, coast).steps).toBeLessThan(island.count * 40);
  });

  it('may be paused after every edge', () => {
    expect(
      decide(relations.isWithin, toPlaneShape(zigzag(1000)), toPlaneShape(slivers(150))).pauses,
    ).toBeGreaterThanOrEqual(999);
  });

  /** Teeth that stand on the lower side of a box. */
  function comb(teeth: number): Point[] {
    const corners = range(teeth).flatMap((index): Point[] => [
      [(index / teeth) * 10, 10],
      [((index + 0.5) / teeth) * 10, 1],
    ]);
    return [[0, 0], ...corners, [10, 10], [10, 0], [0, 0]];
  }
});
