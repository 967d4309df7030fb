/** Logits at the corners of a cell, clockwise from the top left; above 0 is inside the mask. */
export interface CellCorners {
  topLeft: number;
  topRight: number;
  bottomRight: number;
  bottomLeft: number;
}

/** A point in a cell: 0..1 from its left to its right, and from its top to its bottom. */
interface CellPoint {
  u: number;
  v: number;
}

/** Sides of a cell, clockwise, so that the next one is `(side + 1) % 4` and the opposite one `(side + 2) % 4`. */
export const TOP = 0;
/** Right side of a cell. */
export const RIGHT = 1;
/** Bottom side of a cell. */
export const BOTTOM = 2;
/** Left side of a cell. */
export const LEFT = 3;

/** Keeps crossings off the corners, so that contours of different cells meet on sides only: 0.004 model pixels. */
const CORNER_MARGIN = 1e-3;

/**
 * The side by which a contour that entered through `entry`, with the inside on its right, leaves the cell.
 * In a saddle (inside at two opposite corners only) the bilinear surface decides whether inside or outside is connected
 * through the cell. Source: Nielson and Hamann, "The asymptotic decider", 1991.
 */
export function exitSide({ topLeft, topRight, bottomRight, bottomLeft }: CellCorners, entry: number): number {
  const a = topLeft > 0;
  const b = topRight > 0;
  const c = bottomRight > 0;
  const d = bottomLeft > 0;
  if (a === c && b === d && a !== b) {
    const mainDiagonal = topLeft * bottomRight;
    const otherDiagonal = topRight * bottomLeft;
    const insideConnects = a ? mainDiagonal > otherDiagonal : otherDiagonal > mainDiagonal;
    return (entry + (insideConnects ? 1 : 3)) % 4;
  }
  if (b && !a) return TOP;
  if (c && !b) return RIGHT;
  if (d && !c) return BOTTOM;
  return LEFT;
}

/** Where the contour crosses a side whose ends lie on opposite sides of level 0. */
export function sideCrossing({ topLeft, topRight, bottomRight, bottomLeft }: CellCorners, side: number): CellPoint {
  if (side === TOP) return { u: zeroBetween(topLeft, topRight), v: 0 };
  if (side === RIGHT) return { u: 1, v: zeroBetween(topRight, bottomRight) };
  if (side === BOTTOM) return { u: zeroBetween(bottomLeft, bottomRight), v: 1 };
  return { u: 0, v: zeroBetween(topLeft, bottomLeft) };
}

/**
 * A point of the bilinear level line about halfway between two of its crossings. The line is a hyperbola; with this
 * point the contour follows the upsampled logits more closely (docs/decisions/0026-contours-on-the-small-grid.md).
 */
export function middleOfContour(corners: CellCorners, from: CellPoint, to: CellPoint): CellPoint {
  const { topLeft, topRight, bottomRight, bottomLeft } = corners;
  if (Math.abs(to.u - from.u) >= Math.abs(to.v - from.v)) {
    const u = (from.u + to.u) / 2;
    return { u, v: clamp(zeroBetween(mix(topLeft, topRight, u), mix(bottomLeft, bottomRight, u)), from.v, to.v) };
  }
  const v = (from.v + to.v) / 2;
  return { u: clamp(zeroBetween(mix(topLeft, bottomLeft, v), mix(topRight, bottomRight, v)), from.u, to.u), v };
}

const mix = (from: number, to: number, share: number) => from + share * (to - from);

/** Fraction of the way from the first value to the second at which a linear function reaches 0. */
const zeroBetween = (from: number, to: number) => clamp(from / (from - to), CORNER_MARGIN, 1 - CORNER_MARGIN);

const clamp = (value: number, a: number, b: number) => Math.min(Math.max(value, Math.min(a, b)), Math.max(a, b));
