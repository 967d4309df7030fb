import type { Point, Segment } from './wire.ts';

/** Whether the point is inside the segment, by the even-odd rule over all of its polygons. */
export function containsPoint({ polygons }: Segment, { x, y }: Point): boolean {
  const crossings = polygons.flatMap(({ vertices }) =>
    vertices.filter((from, index) => {
      const to = vertices[(index + 1) % vertices.length]!;
      return from.y > y !== to.y > y && x < from.x + ((y - from.y) / (to.y - from.y)) * (to.x - from.x);
    }),
  );
  return crossings.length % 2 === 1;
}

/** The smallest box around a segment. */
export function extent({ polygons }: Segment) {
  const vertices = polygons.flatMap((polygon) => polygon.vertices);
  const xs = vertices.map(({ x }) => x);
  const ys = vertices.map(({ y }) => y);
  return { xMin: Math.min(...xs), yMin: Math.min(...ys), xMax: Math.max(...xs), yMax: Math.max(...ys) };
}
