import type Flatbush from 'flatbush';
import type { PlaneShape } from './plane-shape.ts';
import { sideOf, surroundingsIn, TOLERANCE, type Work, walkEdge } from './walk-edge.ts';

/**
 * An interruptible computation of a relation: yields after each part of a shape, so that its caller can pause or
 * cancel, and returns the answer.
 */
export type Relating = Generator<void, boolean, void>;

/**
 * Whether two shapes have a point in common. Boundaries belong to shapes, even where rounding has moved a position off
 * them; the polygons of a shape are united. Costs at most as many steps as pairs of parts.
 */
export function* shapesIntersect(one: PlaneShape, other: PlaneShape, work: Work): Relating {
  if (!boxesIntersect(one.index, other.index)) return false;
  const [few, many] = one.count <= other.count ? [one, other] : [other, one];
  for (let edge = few.firstEdge; edge < few.count; edge++) {
    if (meetsEdge(few, edge, many, work)) return true;
    yield;
  }
  // The boundaries do not meet: every part of a shape is entirely inside or entirely outside of the other one.
  for (const [shape, around] of [
    [few, many],
    [many, few],
  ] as const) {
    for (const start of shape.starts) {
      if (holdsPosition(around, shape.ends[start * 4]!, shape.ends[start * 4 + 1]!, work)) return true;
      yield;
    }
  }
  return false;
}

/**
 * Whether no point of a shape is outside of `area`. The boundary belongs to it, and its polygons are united. Costs at
 * most as many steps as pairs of parts, of which one is of `area` (and the other of either shape).
 */
export function* isWithin(shape: PlaneShape, area: PlaneShape, work: Work): Relating {
  if (!boxIsWithin(shape.index, area.index)) return false;
  for (let point = 0; point < shape.firstEdge; point++) {
    if (!holdsPosition(area, shape.ends[point * 4]!, shape.ends[point * 4 + 1]!, work)) return false;
    yield;
  }
  const inArea = surroundingsIn(area);
  for (let edge = shape.firstEdge; edge < shape.count; edge++) {
    // The inside of a polygon follows from its edges, so these allow no tolerance.
    const tolerance = edge < shape.firstSide ? TOLERANCE : 0;
    const isCovered = () => inArea.along > 0 || inArea.insideLeft > 0;
    if (!walkEdge(shape, edge, [inArea], tolerance, work, isCovered)) return false;
    yield;
  }
  // The edges are in the area. A part of the inside that is not would be a hole or a gap, along an edge of the area.
  if (shape.polygonCount === 0) return true;
  const inShape = surroundingsIn(shape);
  const { minX, minY, maxX, maxY } = shape.index;
  const isFilled = () =>
    (inShape.insideLeft === 0 || inArea.insideLeft > 0) && (inShape.insideRight === 0 || inArea.insideRight > 0);
  for (const edge of area.index.search(minX, minY, maxX, maxY)) {
    if (edge >= area.firstEdge && !walkEdge(area, edge, [inShape, inArea], 0, work, isFilled)) return false;
    yield;
  }
  return true;
}

function boxesIntersect(one: Flatbush, other: Flatbush): boolean {
  return (
    one.minX <= other.maxX + TOLERANCE &&
    other.minX <= one.maxX + TOLERANCE &&
    one.minY <= other.maxY + TOLERANCE &&
    other.minY <= one.maxY + TOLERANCE
  );
}

function boxIsWithin(one: Flatbush, other: Flatbush): boolean {
  return (
    one.minX >= other.minX - TOLERANCE &&
    one.maxX <= other.maxX + TOLERANCE &&
    one.minY >= other.minY - TOLERANCE &&
    one.maxY <= other.maxY + TOLERANCE
  );
}

/** Whether an edge of one shape has a point in common with any edge of another shape, ends included. */
function meetsEdge({ ends: own }: PlaneShape, edge: number, other: PlaneShape, work: Work): boolean {
  const [ax, ay, bx, by] = [own[edge * 4]!, own[edge * 4 + 1]!, own[edge * 4 + 2]!, own[edge * 4 + 3]!];
  const { ends, firstEdge, index } = other;
  const reach = TOLERANCE * Math.max(Math.abs(bx - ax), Math.abs(by - ay));
  const [west, south] = [Math.min(ax, bx) - TOLERANCE, Math.min(ay, by) - TOLERANCE];
  const [east, north] = [Math.max(ax, bx) + TOLERANCE, Math.max(ay, by) + TOLERANCE];
  return index.collides(west, south, east, north, (part) => {
    work.steps++;
    if (part < firstEdge) return false;
    const [cx, cy, dx, dy] = [ends[part * 4]!, ends[part * 4 + 1]!, ends[part * 4 + 2]!, ends[part * 4 + 3]!];
    const otherReach = TOLERANCE * Math.max(Math.abs(dx - cx), Math.abs(dy - cy));
    // Their boxes meet, so collinear edges have a point in common too.
    return (
      !areOnOneSide(sideOf(ax, ay, bx, by, cx, cy), sideOf(ax, ay, bx, by, dx, dy), reach) &&
      !areOnOneSide(sideOf(cx, cy, dx, dy, ax, ay), sideOf(cx, cy, dx, dy, bx, by), otherReach)
    );
  });
}

const areOnOneSide = (one: number, other: number, reach: number) =>
  (one > reach && other > reach) || (one < -reach && other < -reach);

/** Whether a position is a point of a shape, is on an edge of it, or inside one of its polygons. */
function holdsPosition(shape: PlaneShape, x: number, y: number, work: Work): boolean {
  const { ends, firstSide, polygonOf, index } = shape;
  /** Polygons that a ray to the east has crossed an odd number of edges of. */
  const inside = new Set<number>();
  const isOnPart = index.collides(x - TOLERANCE, y - TOLERANCE, Number.POSITIVE_INFINITY, y + TOLERANCE, (part) => {
    work.steps++;
    const [ax, ay, bx, by] = [ends[part * 4]!, ends[part * 4 + 1]!, ends[part * 4 + 2]!, ends[part * 4 + 3]!];
    const side = sideOf(ax, ay, bx, by, x, y);
    const reach = TOLERANCE * Math.max(Math.abs(bx - ax), Math.abs(by - ay));
    if (Math.abs(side) <= reach && x >= Math.min(ax, bx) - TOLERANCE && x <= Math.max(ax, bx) + TOLERANCE) return true;
    if (part >= firstSide && ay > y !== by > y && side > 0 === by > ay) {
      const polygon = polygonOf[part - firstSide]!;
      if (!inside.delete(polygon)) inside.add(polygon);
    }
    return false;
  });
  return isOnPart || inside.size > 0;
}
