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
    for (let edge = edges[next]; edge && edge.top <= y; edge = edges[++next]) active.push(edge);
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
  return toSpans(crossings.map(({ pixel }) => pixel));
}

/** The bounds of spans, as `scanRows` gives them, in pairs. */
export function toSpans(bounds: readonly number[]): [start: number, end: number][] {
  const spans: [start: number, end: number][] = [];
  let start: number | undefined;
  for (const bound of bounds) {
    if (start !== undefined) spans.push([start, bound]);
    start = start === undefined ? bound : undefined;
  }
  return spans;
}

/** Merges the spans of parts that touch, and leaves out empty spans. */
function joinSpans(spans: [start: number, end: number][]): number[] {
  const joined: number[] = [];
  for (const [start, end] of spans.sort((a, b) => a[0] - b[0])) {
    if (start === end) continue;
    const last = joined.at(-1);
    if (last !== undefined && start <= last) joined[joined.length - 1] = Math.max(last, end);
    else joined.push(start, end);
  }
  return joined;
}
