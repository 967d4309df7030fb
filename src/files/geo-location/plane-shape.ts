import Flatbush from 'flatbush';
import type { Geometry } from '#contract/files/geo-location';
import type { Position } from './check-geometry.ts';

/**
 * A geometry in the plane of longitude and latitude in degrees, as numbered parts: points first, then edges of lines,
 * then edges of polygons, polygon by polygon.
 */
export interface PlaneShape {
  /** Four numbers per part, in degrees: x and y of its start, x and y of its end. A point ends where it starts. */
  ends: Float64Array;
  count: number;
  /** Number of the first edge of a line. */
  firstEdge: number;
  /** Number of the first edge of a polygon. */
  firstSide: number;
  /** For each part that is an edge of a polygon, counted from `firstSide`: the index of the polygon. */
  polygonOf: Uint32Array;
  polygonCount: number;
  /** The first part of each point, line and ring: one per connected component. */
  starts: readonly number[];
  /** Spatial index of the parts by their bounding boxes; also has the box of the whole shape. */
  index: Flatbush;
}

/**
 * Splits a geometry into parts and indexes them.
 *
 * @param geometry accepted by `checkGeometry`
 */
export function toPlaneShape({ type, coordinates }: Geometry): PlaneShape {
  switch (type) {
    case 'Point':
      return shapeOf({ points: [coordinates as unknown as Position] });
    case 'MultiPoint':
      return shapeOf({ points: coordinates as Position[] });
    case 'LineString':
      return shapeOf({ lines: [coordinates as Path] });
    case 'MultiLineString':
      return shapeOf({ lines: coordinates as Path[] });
    case 'Polygon':
      return shapeOf({ polygons: [coordinates as Path[]] });
    case 'MultiPolygon':
      return shapeOf({ polygons: coordinates as Path[][] });
  }
}

type Path = readonly Position[];
interface Paths {
  points?: readonly Position[];
  lines?: readonly Path[];
  polygons?: readonly (readonly Path[])[];
}

function shapeOf({ points = [], lines = [], polygons = [] }: Paths): PlaneShape {
  const ends: number[] = [];
  const starts: number[] = [];
  const polygonOf: number[] = [];
  const count = () => ends.length / 4;
  const addPath = (path: Path) => {
    const first = count();
    for (let index = 1; index < path.length; index++) {
      const [from, to] = [path[index - 1]!, path[index]!];
      if (from[0] !== to[0] || from[1] !== to[1]) ends.push(from[0], from[1], to[0], to[1]);
    }
    if (count() > first) starts.push(first);
  };
  // A path that never leaves its first position is a point.
  const still = [...lines, ...polygons.flat()].filter(isStill).map(([first]) => first!);
  for (const [x, y] of [...points, ...still]) {
    starts.push(count());
    ends.push(x, y, x, y);
  }
  const firstEdge = count();
  for (const line of lines) addPath(line);
  const firstSide = count();
  polygons.forEach((rings, polygon) => {
    for (const ring of rings) addPath(ring);
    while (polygonOf.length < count() - firstSide) polygonOf.push(polygon);
  });
  return {
    ends: Float64Array.from(ends),
    count: count(),
    firstEdge,
    firstSide,
    polygonOf: Uint32Array.from(polygonOf),
    polygonCount: polygons.length,
    starts,
    index: indexOf(ends),
  };
}

const isStill = ([first, ...more]: Path) => more.every(([x, y]) => x === first![0] && y === first![1]);

function indexOf(ends: readonly number[]): Flatbush {
  const index = new Flatbush(ends.length / 4);
  for (let at = 0; at < ends.length; at += 4) {
    const [ax, ay, bx, by] = [ends[at]!, ends[at + 1]!, ends[at + 2]!, ends[at + 3]!];
    index.add(Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by));
  }
  index.finish();
  return index;
}
