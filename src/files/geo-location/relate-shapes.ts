import type { Position } from './check-geometry.ts';
import { allEdges, type Box, type Edge, type PlanePolygon, type PlaneShape } from './plane-shape.ts';
import { cutEdge, edgesMeet, isInside, isOnEdge } from './relate-edges.ts';

/** Whether two shapes have a point in common. Boundaries belong to shapes. */
export function shapesIntersect(one: PlaneShape, other: PlaneShape): boolean {
  if (!boxesIntersect(one.box, other.box)) return false;
  const others = allEdges(other);
  if (allEdges(one).some((edge) => others.some((otherEdge) => edgesMeet(edge, otherEdge)))) return true;
  // No boundary meets another: every part of a shape is inside of the other one, or outside, as a whole.
  return (
    one.starts.some((position) => hasPosition(other, position)) ||
    other.starts.some((position) => hasPosition(one, position))
  );
}

/** Whether no point of a shape lies outside of `area`. The boundary belongs to it. */
export function isWithin(shape: PlaneShape, area: PlaneShape): boolean {
  const outer = allEdges(area);
  return (
    boxesIntersect(shape.box, area.box) &&
    shape.points.every((position) => hasPosition(area, position)) &&
    allEdges(shape).every((edge) => isCovered(edge, area, outer)) &&
    shape.polygons.every((polygon) => isFilled(polygon, area))
  );
}

function boxesIntersect(one: Box, other: Box): boolean {
  return one.xMin <= other.xMax && other.xMin <= one.xMax && one.yMin <= other.yMax && other.yMin <= one.yMax;
}

function hasPosition({ points, edges, polygons }: PlaneShape, position: Position): boolean {
  return (
    points.some(([x, y]) => x === position[0] && y === position[1]) ||
    edges.some((edge) => isOnEdge(position, edge)) ||
    polygons.some(
      (polygon) => isInside(position, polygon.edges) || polygon.edges.some((edge) => isOnEdge(position, edge)),
    )
  );
}

function isCovered(edge: Edge, area: PlaneShape, outer: readonly Edge[]): boolean {
  return cutEdge(edge, outer).every(
    ({ middle, isAlong }) => isAlong || area.polygons.some(({ edges }) => isInside(middle, edges)),
  );
}

/** Whether the inside of a polygon, whose rings are in the area, is too: no hole and no gap of the area is in it. */
function isFilled({ rings, edges }: PlanePolygon, area: PlaneShape): boolean {
  const borders = area.polygons.flatMap((polygon) => polygon.edges);
  const hasBorderInside = borders.some((border) =>
    cutEdge(border, edges).some(({ middle, isAlong }) => !isAlong && isInside(middle, edges)),
  );
  if (hasBorderInside) return false;
  const inside = positionInside(rings.flat(), edges);
  // A polygon without area is no more than its rings.
  return inside === undefined || area.polygons.some((polygon) => isInside(inside, polygon.edges));
}

/** In the middle of the widest stretch of a parallel of latitude that crosses the polygon at half its height. */
function positionInside(positions: readonly Position[], edges: readonly Edge[]): Position | undefined {
  const latitudes = [...new Set(positions.map(([, y]) => y))].sort((a, b) => a - b);
  const above = latitudes.length >> 1;
  if (above === 0) return undefined;
  const y = (latitudes[above - 1]! + latitudes[above]!) / 2;
  const crossings = edges
    .filter(([a, b]) => a[1] > y !== b[1] > y)
    .map(([a, b]) => a[0] + ((y - a[1]) / (b[1] - a[1])) * (b[0] - a[0]))
    .sort((a, b) => a - b);
  const stretches = crossings.flatMap((end, index) => (index % 2 === 1 ? [[crossings[index - 1]!, end] as const] : []));
  const [start, end] = stretches.sort((a, b) => b[1] - b[0] - (a[1] - a[0]))[0] ?? [0, 0];
  return end > start ? [(start + end) / 2, y] : undefined;
}
