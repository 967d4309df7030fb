import type { Geometry } from '#contract/files/geo-location';
import type { Position } from './check-geometry.ts';

/** Between two different positions, both included. */
export type Edge = readonly [from: Position, to: Position];
/** Closed: the last position is the first. The outer one comes first, holes after it. */
export type Ring = readonly Position[];

/** A geometry in the plane of longitude and latitude, taken apart. */
export interface PlaneShape {
  points: readonly Position[];
  /** Of lines. */
  edges: readonly Edge[];
  polygons: readonly PlanePolygon[];
  /** One position of every connected part: point, line or ring. */
  starts: readonly Position[];
  box: Box;
}
export interface PlanePolygon {
  rings: readonly Ring[];
  /** Of all rings. */
  edges: readonly Edge[];
}
export interface Box {
  xMin: number;
  yMin: number;
  xMax: number;
  yMax: number;
}

/** @param geometry that `checkGeometry` has let through */
export function toPlaneShape({ type, coordinates }: Geometry): PlaneShape {
  switch (type) {
    case 'Point':
      return shapeOf({ points: [coordinates as unknown as Position] });
    case 'MultiPoint':
      return shapeOf({ points: coordinates as Position[] });
    case 'LineString':
      return shapeOf({ lines: [coordinates as Position[]] });
    case 'MultiLineString':
      return shapeOf({ lines: coordinates as Position[][] });
    case 'Polygon':
      return shapeOf({ polygons: [coordinates as Ring[]] });
    case 'MultiPolygon':
      return shapeOf({ polygons: coordinates as Ring[][] });
  }
}

/** Every edge of a shape: of its lines and of its rings. */
export const allEdges = ({ edges, polygons }: PlaneShape): Edge[] => [
  ...edges,
  ...polygons.flatMap((polygon) => polygon.edges),
];

interface Parts {
  points?: readonly Position[];
  lines?: readonly (readonly Position[])[];
  polygons?: readonly (readonly Ring[])[];
}

function shapeOf({ points = [], lines = [], polygons = [] }: Parts): PlaneShape {
  const paths = [...lines, ...polygons.flat()];
  const starts = [...points, ...paths.map(([first]) => first!)];
  return {
    // A path that never leaves its first position is no more than that.
    points: [...points, ...paths.filter((path) => edgesOf(path).length === 0).map(([first]) => first!)],
    edges: lines.flatMap(edgesOf),
    polygons: polygons.map((rings) => ({ rings, edges: rings.flatMap(edgesOf) })),
    starts,
    box: boxAround([...points, ...paths.flat()]),
  };
}

function edgesOf(path: readonly Position[]): Edge[] {
  const edges = path.slice(1).map((to, index): Edge => [path[index]!, to]);
  return edges.filter(([from, to]) => from[0] !== to[0] || from[1] !== to[1]);
}

function boxAround(positions: readonly Position[]): Box {
  const box: Box = { xMin: Infinity, yMin: Infinity, xMax: -Infinity, yMax: -Infinity };
  for (const [x, y] of positions) {
    box.xMin = Math.min(box.xMin, x);
    box.yMin = Math.min(box.yMin, y);
    box.xMax = Math.max(box.xMax, x);
    box.yMax = Math.max(box.yMax, y);
  }
  return box;
}
