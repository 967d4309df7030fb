import type { Geometry } from '#contract/files/geo-location';

/**
 * Computes how two geometries relate, slowly and without rounding: their edges cut the plane into points, pieces of
 * edges and cells, and a point of each is tested against both. Shares no code and no idea with what is tested.
 */
export function relateBySamples(one: Geometry, other: Geometry): { intersects: boolean; within: boolean } {
  const [left, right] = [takeApart(one), takeApart(other)];
  let [intersects, within] = [false, true];
  for (const sample of samplesOf(left, right)) {
    if (!holds(left, sample)) continue;
    if (holds(right, sample)) intersects = true;
    else within = false;
  }
  return { intersects, within };
}

/** A fraction with a positive denominator. */
type Exact = readonly [numerator: bigint, denominator: bigint];
type Spot = readonly [x: Exact, y: Exact];
type Piece = readonly [from: Spot, to: Spot];
interface Shape {
  spots: Spot[];
  lines: Piece[];
  /** Edges of each polygon, holes included. */
  polygons: Piece[][];
}

const exact = (numerator: bigint, denominator: bigint): Exact =>
  denominator < 0n ? [-numerator, -denominator] : [numerator, denominator];
const minus = ([a, b]: Exact, [c, d]: Exact) => exact(a * d - c * b, b * d);
const plus = ([a, b]: Exact, [c, d]: Exact) => exact(a * d + c * b, b * d);
const times = ([a, b]: Exact, [c, d]: Exact) => exact(a * c, b * d);
const over = ([a, b]: Exact, [c, d]: Exact) => exact(a * d, b * c);
const compare = ([a, b]: Exact, [c, d]: Exact) => Number(a * d - c * b > 0n) - Number(a * d - c * b < 0n);
const half = (one: Exact, other: Exact) => over(plus(one, other), [2n, 1n]);
const isBetween = (value: Exact, one: Exact, other: Exact) => compare(value, one) * compare(value, other) <= 0;

/** @param position of whole numbers */
const toSpot = ([x, y]: number[]): Spot => [
  [BigInt(x!), 1n],
  [BigInt(y!), 1n],
];
const toPieces = (path: number[][]) =>
  path.slice(1).map((position, index): Piece => [toSpot(path[index]!), toSpot(position)]);

function takeApart({ type, coordinates }: Geometry): Shape {
  const all = coordinates as never;
  const points: number[][] = type === 'Point' ? [all] : type === 'MultiPoint' ? all : [];
  const lines: number[][][] = type === 'LineString' ? [all] : type === 'MultiLineString' ? all : [];
  const polygons: number[][][][] = type === 'Polygon' ? [all] : type === 'MultiPolygon' ? all : [];
  return {
    spots: points.map(toSpot),
    lines: lines.flatMap(toPieces),
    polygons: polygons.map((rings) => rings.flatMap(toPieces)),
  };
}

/**
 * Every upright line through a corner or a crossing, and one between each two of them, at and between all that it
 * meets.
 */
function samplesOf(...shapes: Shape[]): Spot[] {
  const pieces = shapes.flatMap(({ lines, polygons }) => [...lines, ...polygons.flat()]);
  const corners = [...shapes.flatMap(({ spots }) => spots), ...pieces.flat()];
  const crossings = pieces.flatMap((piece, index) => pieces.slice(index + 1).flatMap((next) => cross(piece, next)));
  const uprights = between([...corners, ...crossings].map(([x]) => x));
  return uprights.flatMap((x) => {
    const ends = corners.filter((corner) => compare(corner[0], x) === 0).map(([, y]) => y);
    const met = pieces.filter((piece) => isBetween(x, piece[0][0], piece[1][0])).flatMap((piece) => heightAt(piece, x));
    return between([...ends, ...met]).map((y): Spot => [x, y]);
  });
}

/** The values in order, each once, and the middle of each two neighbours. */
function between(values: Exact[]): Exact[] {
  const sorted = values.sort(compare).filter((value, index) => index === 0 || compare(value, values[index - 1]!) !== 0);
  return sorted.flatMap((value, index) => (index === 0 ? [value] : [half(sorted[index - 1]!, value), value]));
}

function heightAt([[x0, y0], [x1, y1]]: Piece, x: Exact): Exact[] {
  if (compare(x0, x1) === 0) return [];
  return [plus(y0, times(minus(y1, y0), over(minus(x, x0), minus(x1, x0))))];
}

/** Where the lines through two pieces cross, which may be past their ends: a sample too many does no harm. */
function cross([[x0, y0], [x1, y1]]: Piece, [[x2, y2], [x3, y3]]: Piece): Spot[] {
  const [dx, dy, ex, ey] = [minus(x1, x0), minus(y1, y0), minus(x3, x2), minus(y3, y2)];
  const turn = minus(times(dx, ey), times(dy, ex));
  if (compare(turn, [0n, 1n]) === 0) return [];
  const part = over(minus(times(minus(x2, x0), ey), times(minus(y2, y0), ex)), turn);
  return [[plus(x0, times(part, dx)), plus(y0, times(part, dy))]];
}

function holds({ spots, lines, polygons }: Shape, sample: Spot): boolean {
  return (
    spots.some(([x, y]) => compare(x, sample[0]) === 0 && compare(y, sample[1]) === 0) ||
    [...lines, ...polygons.flat()].some((piece) => isOn(piece, sample)) ||
    polygons.some((edges) => edges.filter((edge) => isAbove(edge, sample)).length % 2 === 1)
  );
}

function isOn([[x0, y0], [x1, y1]]: Piece, [x, y]: Spot): boolean {
  const turn = minus(times(minus(x1, x0), minus(y, y0)), times(minus(y1, y0), minus(x, x0)));
  return compare(turn, [0n, 1n]) === 0 && isBetween(x, x0, x1) && isBetween(y, y0, y1);
}

/** Whether an edge crosses the upright ray from a spot; of its two ends the one further right counts. */
function isAbove(edge: Piece, [x, y]: Spot): boolean {
  const [from, to] = edge;
  if (compare(from[0], x) > 0 === compare(to[0], x) > 0) return false;
  return compare(heightAt(edge, x)[0]!, y) > 0;
}
