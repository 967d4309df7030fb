import { orient2d } from 'robust-predicates';
import type { PlaneShape } from './plane-shape.ts';

/** Counts the compared pairs of parts, to limit work. */
export interface Work {
  steps: number;
}

/** The parts of a shape on, left and right of a piece of an edge that no edge of the shape cuts. */
export interface Surroundings {
  readonly shape: PlaneShape;
  /** Number of edges of the shape that run along the piece. */
  along: number;
  /** Number of polygons of the shape that contain the points just left, or just right, of the piece. */
  insideLeft: number;
  insideRight: number;
  /** Per polygon: 1 if it contains the points just left, or just right, of the piece. */
  readonly left: Uint8Array;
  readonly right: Uint8Array;
}

/** An edge of a shape begins or ends at a position along the walked edge, or crosses it. */
interface Event {
  /** Position: 0 at the beginning of the walked edge, 1 at its end. */
  at: number;
  surroundings: Surroundings;
  /** Change of `along`. */
  along: number;
  polygon: number;
  turnsLeft: boolean;
  turnsRight: boolean;
}

/** Length below which two cuts are one that rounding has split, as a fraction of the edge. */
const LEAST_PIECE = 1e-12;

/**
 * How far from an edge a position may be and still count as on it, in degrees. Some positions on a sloping edge are not
 * doubles and are stored as the nearest ones.
 */
export const TOLERANCE = 1e-12;

/**
 * The side of the line from (ax, ay) to (bx, by) that (cx, cy) is on: positive if left, negative if right, 0 if on it.
 * The sign is exact.
 */
export const sideOf = (ax: number, ay: number, bx: number, by: number, cx: number, cy: number): number =>
  -orient2d(ax, ay, bx, by, cx, cy);

/** Creates surroundings for `walkEdge`; they can be reused. */
export const surroundingsIn = (shape: PlaneShape): Surroundings => ({
  shape,
  along: 0,
  insideLeft: 0,
  insideRight: 0,
  left: new Uint8Array(shape.polygonCount),
  right: new Uint8Array(shape.polygonCount),
});

/**
 * Cuts an edge of one shape wherever an edge of the surrounding shapes crosses, touches or leaves it, and tests each
 * piece. The polygons left and right of a piece are tracked from the beginning of the edge: each crossing enters or
 * leaves a polygon, so the walk costs as many steps as edges are met, and a sort.
 *
 * @param edge number of an edge of `shape`
 * @param tolerance distance up to which a parallel edge counts as running along it, in degrees
 * @param around updated for each piece before `isFine` is called
 * @returns whether all pieces are fine; the walk ends at the first that is not
 */
export function walkEdge(
  shape: PlaneShape,
  edge: number,
  around: readonly Surroundings[],
  tolerance: number,
  work: Work,
  isFine: () => boolean,
): boolean {
  const events: Event[] = [];
  const { ends } = shape;
  const [ax, ay, bx, by] = [ends[edge * 4]!, ends[edge * 4 + 1]!, ends[edge * 4 + 2]!, ends[edge * 4 + 3]!];
  for (const surroundings of around) {
    enter(surroundings, ax, ay, bx, by, work);
    addEvents(events, surroundings, ax, ay, bx, by, tolerance, work);
  }
  work.steps += events.length;
  events.sort((one, other) => one.at - other.at);
  let last = 0;
  for (const event of events) {
    if (event.at - last >= LEAST_PIECE && !isFine()) return false;
    last = event.at;
    pass(event);
  }
  return 1 - last < LEAST_PIECE || isFine();
}

function pass({ surroundings, along, polygon, turnsLeft, turnsRight }: Event): void {
  surroundings.along += along;
  if (turnsLeft) surroundings.insideLeft += flip(surroundings.left, polygon);
  if (turnsRight) surroundings.insideRight += flip(surroundings.right, polygon);
}

/** @returns the change of the number of polygons that contain the side */
function flip(holds: Uint8Array, polygon: number): number {
  holds[polygon]! ^= 1;
  return holds[polygon] === 1 ? 1 : -1;
}

/**
 * Initialises left and right at the very beginning of an edge. A ray to the east decides, from a position an infinitely
 * small way along the edge and a far smaller way off it, so that it meets no corner and the answer is exact.
 */
function enter(surroundings: Surroundings, ax: number, ay: number, bx: number, by: number, work: Work): void {
  const { shape, left, right } = surroundings;
  surroundings.along = surroundings.insideLeft = surroundings.insideRight = 0;
  if (shape.polygonCount === 0) return;
  left.fill(0);
  right.fill(0);
  work.steps += shape.polygonCount >> 4;
  const { ends, firstSide, polygonOf, index } = shape;
  /** Whether the positions next to the beginning are above it, as the edge goes up or, if it is level, east or west. */
  const goesUp = by > ay;
  const leftIsUp = by === ay ? bx > ax : goesUp;
  const rightIsUp = by === ay ? bx < ax : goesUp;
  index.search(ax, ay, Number.POSITIVE_INFINITY, ay, (part) => {
    work.steps++;
    if (part < firstSide) return false;
    const [cx, cy, dx, dy] = [ends[part * 4]!, ends[part * 4 + 1]!, ends[part * 4 + 2]!, ends[part * 4 + 3]!];
    const polygon = polygonOf[part - firstSide]!;
    const meetsLeft = (cy === ay ? !leftIsUp : cy > ay) !== (dy === ay ? !leftIsUp : dy > ay);
    const meetsRight = (cy === ay ? !rightIsUp : cy > ay) !== (dy === ay ? !rightIsUp : dy > ay);
    if (!meetsLeft && !meetsRight) return false;
    const side = sideOf(cx, cy, dx, dy, ax, ay) || sideOf(cx, cy, dx, dy, bx, by);
    // Collinear edges: their left sides agree if they run in the same direction, and are swapped otherwise.
    const against = bx === ax ? dy > cy !== by > ay : dx > cx !== bx > ax;
    const leftSide = side || (against ? -1 : 1);
    const rightSide = side || (against ? 1 : -1);
    if (meetsLeft && leftSide > 0 === dy > cy) surroundings.insideLeft += flip(left, polygon);
    if (meetsRight && rightSide > 0 === dy > cy) surroundings.insideRight += flip(right, polygon);
    return false;
  });
}

/** Adds events where edges of a shape run along an edge, and where those of polygons cross it between its ends. */
function addEvents(
  events: Event[],
  surroundings: Surroundings,
  ax: number,
  ay: number,
  bx: number,
  by: number,
  tolerance: number,
  work: Work,
): void {
  const { ends, firstEdge, firstSide, polygonOf, index } = surroundings.shape;
  /** Position on the edge, 0 to 1, of a point on its line. */
  const fractionAt = (x: number, y: number) =>
    Math.abs(bx - ax) >= Math.abs(by - ay) ? (x - ax) / (bx - ax) : (y - ay) / (by - ay);
  const [west, south] = [Math.min(ax, bx) - tolerance, Math.min(ay, by) - tolerance];
  const [east, north] = [Math.max(ax, bx) + tolerance, Math.max(ay, by) + tolerance];
  index.search(west, south, east, north, (part) => {
    work.steps++;
    if (part < firstEdge) return false;
    const [cx, cy, dx, dy] = [ends[part * 4]!, ends[part * 4 + 1]!, ends[part * 4 + 2]!, ends[part * 4 + 3]!];
    const sideOfC = sideOf(ax, ay, bx, by, cx, cy);
    const sideOfD = sideOf(ax, ay, bx, by, dx, dy);
    const isInLine = sideOfC === 0 && sideOfD === 0;
    // An edge that ends on the line counts only for the side that its other end is on.
    const turnsLeft = part >= firstSide && sideOfC > 0 !== sideOfD > 0;
    const turnsRight = part >= firstSide && sideOfC < 0 !== sideOfD < 0;
    if (!turnsLeft && !turnsRight && !isInLine && tolerance === 0) return false;
    const sideOfA = sideOf(cx, cy, dx, dy, ax, ay);
    const sideOfB = sideOf(cx, cy, dx, dy, bx, by);
    if (isInLine || tolerance > 0) {
      // A side is a distance times the length of the edge.
      const reach = tolerance * Math.max(Math.abs(dx - cx), Math.abs(dy - cy));
      const [near, far] = whereWithin(reach, sideOfA, sideOfB);
      const [one, other] = [fractionAt(cx, cy), fractionAt(dx, dy)];
      const from = Math.max(Math.min(one, other), near, 0);
      const to = Math.min(Math.max(one, other), far, 1);
      if (to - from >= LEAST_PIECE) {
        const none = { surroundings, polygon: 0, turnsLeft: false, turnsRight: false };
        events.push({ ...none, at: from, along: 1 }, { ...none, at: to, along: -1 });
      }
    }
    const isCut = sideOfA > 0 ? sideOfB < 0 : sideOfA < 0 && sideOfB > 0;
    if (!isCut || !(turnsLeft || turnsRight)) return false;
    const at = sideOfC === 0 ? fractionAt(cx, cy) : sideOfD === 0 ? fractionAt(dx, dy) : sideOfA / (sideOfA - sideOfB);
    events.push({ at, surroundings, along: 0, polygon: polygonOf[part - firstSide]!, turnsLeft, turnsRight });
    return false;
  });
}

/**
 * The range of an edge, 0 to 1, in which a value that changes linearly from `first` to `last` is at most `reach` from
 * 0.
 */
function whereWithin(reach: number, first: number, last: number): [from: number, to: number] {
  if (first === last) return Math.abs(first) <= reach ? [0, 1] : [1, 0];
  const [one, other] = [(reach - first) / (last - first), (-reach - first) / (last - first)];
  return one < other ? [one, other] : [other, one];
}
