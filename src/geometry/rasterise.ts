import type { MaskPolygon, Ring } from './mask-polygon.ts';

/** Which points of overlapping rings are inside. On polygons as this folder makes them both rules agree. */
export type FillRule = 'even-odd' | 'non-zero';

/** An edge that is not horizontal. `winding` is 1 when its ring runs downwards along it, -1 when upwards. */
export interface Edge {
  top: number;
  bottom: number;
  xAtTop: number;
  slope: number;
  winding: number;
}

/**
 * Fills polygons, given in pixels, into a row-major mask of zeros and ones, `width * height` long. A pixel is set if
 * any polygon contains its centre; a centre exactly on a left or top outline counts as inside, on a right or bottom one
 * as outside.
 */
export function rasterise(
  polygons: readonly MaskPolygon[],
  width: number,
  height: number,
  fillRule: FillRule = 'even-odd',
): Uint8Array {
  const mask = new Uint8Array(width * height);
  for (const { outer, holes } of polygons) fillPolygon(mask, width, height, [outer, ...holes], fillRule);
  return mask;
}

function fillPolygon(mask: Uint8Array, width: number, height: number, rings: Ring[], fillRule: FillRule): void {
  const edges = rings.flatMap(toEdges).sort((a, b) => a.top - b.top);
  /** Change of the winding number at each pixel of the row; the last entry takes what lies beyond the row. */
  const turns = new Int32Array(width + 1);
  const countedBits = fillRule === 'even-odd' ? 1 : -1;
  let active: Edge[] = [];
  let next = 0;
  for (let row = 0; row < height && (next < edges.length || active.length > 0); row++) {
    const y = row + 0.5;
    for (let edge = edges[next]; edge && edge.top <= y; edge = edges[++next]) active.push(edge);
    active = active.filter(({ bottom }) => bottom > y);
    if (active.length === 0) continue;
    turns.fill(0);
    for (const { top, xAtTop, slope, winding } of active) {
      const firstPixel = Math.ceil(xAtTop + (y - top) * slope - 0.5);
      turns[Math.min(Math.max(firstPixel, 0), width)]! += winding;
    }
    let windingNumber = 0;
    for (let column = 0; column < width; column++) {
      windingNumber += turns[column]!;
      if (windingNumber & countedBits) mask[row * width + column] = 1;
    }
  }
}

/** Edges of a closed ring, except horizontal ones, which no row of pixel centres can cross. */
export function toEdges(ring: Ring): Edge[] {
  const edges: Edge[] = [];
  let from = ring.at(-1);
  if (!from) return edges;
  for (const to of ring) {
    if (from.y !== to.y) {
      const [upper, lower, winding] = from.y < to.y ? ([from, to, 1] as const) : ([to, from, -1] as const);
      const slope = (lower.x - upper.x) / (lower.y - upper.y);
      edges.push({ top: upper.y, bottom: lower.y, xAtTop: upper.x, slope, winding });
    }
    from = to;
  }
  return edges;
}
