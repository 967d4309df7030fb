import { BOTTOM, type CellCorners, exitSide, middleOfContour, RIGHT, sideCrossing, TOP } from './cell-contour.ts';
import type { LogitGrid } from './logit-grid.ts';
import type { MaskPolygon, Ring } from './mask-polygon.ts';
import { type PixelPoint, pixelPoint } from './spaces.ts';

/**
 * Finds the contours of the logits at level 0 by marching squares: every detached part of the mask with its holes, in
 * pixels of the upright image.
 *
 * Rings are found row by row. So a ring is an outline if the mask lies to the right of the first edge that it crosses,
 * otherwise a hole, and a hole belongs to the part whose ring was crossed last on that row. Each ring is walked once:
 * O(samples).
 */
export function contourLogits(grid: LogitGrid): MaskPolygon[] {
  const { columns, rows, values } = grid;
  const polygons: MaskPolygon[] = [];
  /**
   * By sample: index of the part whose ring crosses the edge to the sample's right neighbour; -1 for not yet walked.
   */
  const partAt = new Int32Array(columns * rows).fill(-1);

  for (let row = 1; row < rows - 1; row++) {
    let part = -1;
    for (let edge = row * columns; edge < (row + 1) * columns - 1; edge++) {
      const entersMask = values[edge + 1]! > 0;
      if (values[edge]! > 0 === entersMask) continue;
      if (partAt[edge]! >= 0) {
        part = partAt[edge]!;
      } else if (entersMask) {
        part = polygons.length;
        polygons.push({ outer: walkRing(grid, edge, partAt, part), holes: [] });
      } else {
        polygons[part]!.holes.push(walkRing(grid, edge, partAt, part));
      }
    }
  }
  return polygons;
}

/**
 * Follows a contour, the inside on its right, from the edge to the right of sample `start`; claims such edges for
 * `part`.
 */
function walkRing(grid: LogitGrid, start: number, partAt: Int32Array, part: number): Ring {
  const { columns, values } = grid;
  const ring: PixelPoint[] = [];
  // A cell has the index of the sample at its top left. With the mask to the right of `start`, the walk goes upwards.
  const [firstCell, firstSide] = values[start + 1]! > 0 ? [start - columns, BOTTOM] : [start, TOP];
  let cell = firstCell;
  let side = firstSide;
  do {
    if (side === TOP || side === BOTTOM) partAt[side === TOP ? cell : cell + columns] = part;
    const corners = cornersOf(grid, cell);
    const exit = exitSide(corners, side);
    const from = sideCrossing(corners, side);
    const to = sideCrossing(corners, exit);
    pushUnlessRepeated(ring, toPixel(grid, cell, from));
    pushUnlessRepeated(ring, toPixel(grid, cell, middleOfContour(corners, from, to)));
    if (exit === TOP) cell -= columns;
    else if (exit === RIGHT) cell += 1;
    else if (exit === BOTTOM) cell += columns;
    else cell -= 1;
    side = (exit + 2) % 4;
  } while (cell !== firstCell || side !== firstSide);
  // Cells on the border have no width, so the walk may end where it began.
  while (ring.length > 1 && samePlace(ring[0]!, ring[ring.length - 1]!)) ring.pop();
  return ring;
}

function cornersOf({ columns, values }: LogitGrid, cell: number): CellCorners {
  return {
    topLeft: values[cell]!,
    topRight: values[cell + 1]!,
    bottomRight: values[cell + columns + 1]!,
    bottomLeft: values[cell + columns]!,
  };
}

function toPixel({ columns, xs, ys }: LogitGrid, cell: number, { u, v }: { u: number; v: number }): PixelPoint {
  const column = cell % columns;
  const row = (cell - column) / columns;
  return pixelPoint(xs[column]! + u * (xs[column + 1]! - xs[column]!), ys[row]! + v * (ys[row + 1]! - ys[row]!));
}

function pushUnlessRepeated(ring: PixelPoint[], point: PixelPoint): void {
  if (ring.length === 0 || !samePlace(ring[ring.length - 1]!, point)) ring.push(point);
}

const samePlace = (a: PixelPoint, b: PixelPoint) => a.x === b.x && a.y === b.y;
