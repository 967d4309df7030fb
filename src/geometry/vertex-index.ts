import type { PixelPoint } from './spaces.ts';

/** Finds items by where they are. */
export interface VertexIndex<Item> {
  /** Whether an item in a triangle, or on its edges, is accepted. */
  someIn(triangle: readonly [PixelPoint, PixelPoint, PixelPoint], accepts: (item: Item) => boolean): boolean;
}

/** Creates an index of items at fixed places: a grid of cells, about one for each item. */
export function createVertexIndex<Item>(
  items: readonly Item[],
  placeOf: (item: Item) => PixelPoint,
): VertexIndex<Item> {
  const places = items.map(placeOf);
  const left = places.reduce((least, { x }) => Math.min(least, x), Infinity);
  const top = places.reduce((least, { y }) => Math.min(least, y), Infinity);
  const width = places.reduce((most, { x }) => Math.max(most, x - left), 0) || 1;
  const height = places.reduce((most, { y }) => Math.max(most, y - top), 0) || 1;
  const side = Math.max(1, Math.ceil(Math.sqrt(items.length)));
  const columnOf = (x: number) => Math.min(Math.floor(((x - left) / width) * side), side - 1);
  const rowOf = (y: number) => Math.min(Math.floor(((y - top) / height) * side), side - 1);
  const cells = new Map<number, Item[]>();
  for (const item of items) {
    const { x, y } = placeOf(item);
    const cell = rowOf(y) * side + columnOf(x);
    const others = cells.get(cell);
    if (others) others.push(item);
    else cells.set(cell, [item]);
  }
  return {
    someIn([a, b, c], accepts) {
      const [firstColumn, lastColumn] = [columnOf(Math.min(a.x, b.x, c.x)), columnOf(Math.max(a.x, b.x, c.x))];
      const [firstRow, lastRow] = [rowOf(Math.min(a.y, b.y, c.y)), rowOf(Math.max(a.y, b.y, c.y))];
      for (let row = firstRow; row <= lastRow; row++) {
        for (let column = firstColumn; column <= lastColumn; column++) {
          const found = cells.get(row * side + column)?.some((item) => isIn(placeOf(item), a, b, c) && accepts(item));
          if (found) return true;
        }
      }
      return false;
    },
  };
}

function isIn(point: PixelPoint, a: PixelPoint, b: PixelPoint, c: PixelPoint): boolean {
  const { x, y } = point;
  if (x < Math.min(a.x, b.x, c.x) || x > Math.max(a.x, b.x, c.x)) return false;
  if (y < Math.min(a.y, b.y, c.y) || y > Math.max(a.y, b.y, c.y)) return false;
  const sides = [turn(a, b, point), turn(b, c, point), turn(c, a, point)];
  return sides.every((side) => side >= 0) || sides.every((side) => side <= 0);
}

/** Above 0 if the path over the three points turns clockwise on a screen, 0 if they lie on one line. */
const turn = (a: PixelPoint, b: PixelPoint, c: PixelPoint): number =>
  (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x);
