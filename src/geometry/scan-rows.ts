import type { MaskPolygon } from './mask-polygon.ts';
import { type Edge, toEdges } from './rasterise.ts';

interface PartEdge extends Edge {
  /** Index of the part that the edge belongs to. */
  part: number;
}

/**
 * Yields the mask of `rasterise` row by row, without a mask in memory: for each row from the top the pixels that are
 * set, as ascending pairs of the first pixel and the one after the last. Very large images are written this way.
 */
export function* scanRows(polygons: readonly MaskPolygon[], width: number, height: number): Generator<number[]> {
  const edges = polygons
    .flatMap(({ outer, holes }, part) =>
      [outer, ...holes].flatMap((ring) => toEdges(ring).map((edge): PartEdge => ({ ...edge, part }))),
    )
    .sort((a, b) => a.top - b.top);
  let active: PartEdge[] = [];
  let next = 0;
  for (let row = 0; row < height; row++) {
    const y = row + 0.5;
    while (next < edges.length && edges[next].top <= y) active.push(edges[next++]);
    active = active.filter(({ bottom }) => bottom > y);
    yield joinSpans(crossedSpans(active, y, width));
  }
}

/** Spans between pairs of crossings of a part with the row: even-odd, part by part. */
function crossedSpans(active: PartEdge[], y: number, width: number): [start: number, end: number][] {
  const crossings = active
    .map(({ part, top, xAtTop, slope }) => {
      const firstPixel = Math.ceil(xAtTop + (y - top) * slope - 0.5);
      return { part, pixel: Math.min(Math.max(firstPixel, 0), width) };
    })
    .sort((a, b) => a.part - b.part || a.pixel - b.pixel);
  return Array.from({ length: crossings.length / 2 }, (_, pair) => [
    crossings[2 * pair].pixel,
    crossings[2 * pair + 1].pixel,
  ]);
}

/** Merges the spans of parts that touch, and leaves out empty spans. */
function joinSpans(spans: [start: number, end: number][]): number[] {
  const joined: number[] = [];
  for (const [start, end] of spans.sort((a, b) => a[0] - b[0])) {
    if (start === end) continue;
    const last = joined.length - 1;
    if (last > 0 && start <= joined[last]) joined[last] = Math.max(joined[last], end);
    else joined.push(start, end);
  }
  return joined;
}
