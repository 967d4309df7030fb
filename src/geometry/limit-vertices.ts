import { type MaskPolygon, type Ring, signedArea } from './mask-polygon.ts';
import { createQueue } from './priority-queue.ts';
import { SEAM_VERTICES } from './seam-parts.ts';
import type { PixelPoint } from './spaces.ts';
import { findParents, nestRings } from './split-seams.ts';
import { createVertexIndex } from './vertex-index.ts';

/**
 * Reduces a part to at most `maxVertices` vertices once its holes are seamed in: unchanged if it fits, otherwise as
 * `limitParts` does.
 */
export function limitVertices(polygon: MaskPolygon, maxVertices: number): MaskPolygon {
  const [limited = polygon] = limitParts([polygon], maxVertices);
  return limited;
}

/**
 * Reduces parts to at most `maxVertices` vertices once all their rings are joined by seams: unchanged if they fit.
 * Otherwise whatever changes the least area for each vertex that it saves is dropped until they do: a vertex, whose
 * neighbours are then joined, or a whole ring with nothing inside. Rings that neither cross nor touch stay so. The
 * largest ring is kept.
 */
export function limitParts(parts: readonly MaskPolygon[], maxVertices: number): readonly MaskPolygon[] {
  const rings = parts.flatMap(({ outer, holes }) => [outer, ...holes]).filter((ring) => signedArea(ring) !== 0);
  const excess = rings.reduce((count, { length }) => count + length + SEAM_VERTICES, -SEAM_VERTICES) - maxVertices;
  return excess <= 0 ? parts : nestRings(dropVertices(rings, excess));
}

/** A vertex of a ring as a list. `isGone` once it was dropped. */
interface Corner {
  point: PixelPoint;
  ring: Line;
  before: Corner;
  after: Corner;
  isGone: boolean;
}

interface Line {
  first: Corner;
  length: number;
  area: number;
  /** The ring right around this one, if any. */
  parent: Line | undefined;
  /** Number of rings right inside this one. */
  children: number;
  isGone: boolean;
}

/** What may be dropped next; `corner` undefined stands for the whole ring. Out of date if the price has changed. */
interface Step {
  line: Line;
  corner: Corner | undefined;
  /** Change of area for each vertex saved. */
  price: number;
}

function dropVertices(rings: readonly Ring[], excess: number): Ring[] {
  const lines = toLines(rings);
  const corners = lines.flatMap(cornersOf);
  const index = createVertexIndex(corners, ({ point }) => point);
  let left = excess;
  // First so that rings stay apart; what touched or crossed before can keep that from coming to an end.
  for (const keepsApart of [true, false]) {
    for (let saved = -1; left > 0 && saved !== 0; ) {
      const before = left;
      const queue = createQueue<Step>(({ price }) => price);
      for (const line of lines) offerRing(line);
      for (const corner of corners) offer(corner);
      for (let step = queue.take(); left > 0 && step !== undefined; step = queue.take()) {
        const { line, corner, price } = step;
        if (line.isGone) continue;
        if (corner === undefined) {
          if (line.children > 0 || price !== ringPrice(line)) continue;
          dropRing(line);
          left -= line.length + SEAM_VERTICES;
          if (line.parent) offerRing(line.parent);
          continue;
        }
        if (corner.isGone || line.length <= 3 || price !== cornerPrice(corner)) continue;
        if (keepsApart && isInTheWay(corner)) continue;
        dropCorner(corner);
        left -= 1;
        offer(corner.before);
        offer(corner.after);
        offerRing(line);
      }
      saved = before - left;

      function offer(corner: Corner): void {
        if (!corner.isGone && corner.ring.length > 3) {
          queue.put({ line: corner.ring, corner, price: cornerPrice(corner) });
        }
      }
      function offerRing(line: Line): void {
        if (line !== lines[0] && !line.isGone && line.children === 0) {
          queue.put({ line, corner: undefined, price: ringPrice(line) });
        }
      }
    }
  }
  return lines.filter(({ isGone }) => !isGone).map((line) => cornersOf(line).map(({ point }) => point));

  /** Whether another vertex lies in the triangle that goes with the corner, or on its edges. */
  function isInTheWay(corner: Corner): boolean {
    const { before, after } = corner;
    return index.someIn([before.point, corner.point, after.point], (other) => {
      return !other.isGone && !other.ring.isGone && other !== before && other !== corner && other !== after;
    });
  }
}

const cornerPrice = ({ before, point, after }: Corner): number =>
  Math.abs(signedArea([before.point, point, after.point]));
const ringPrice = ({ area, length }: Line): number => Math.abs(area) / (length + SEAM_VERTICES);

function dropCorner(corner: Corner): void {
  const { before, after, ring } = corner;
  ring.area -= signedArea([before.point, corner.point, after.point]);
  ring.length--;
  if (ring.first === corner) ring.first = after;
  before.after = after;
  after.before = before;
  corner.isGone = true;
}

function dropRing(line: Line): void {
  line.isGone = true;
  if (line.parent) line.parent.children--;
}

/** Rings as lists of their vertices, the largest first. */
function toLines(rings: readonly Ring[]): Line[] {
  const nested = findParents(rings);
  const lines = new Map(nested.map(({ ring }) => [ring, toLine(ring)]));
  for (const { ring, parent } of nested) {
    const line = lines.get(ring);
    if (line === undefined || parent === undefined) continue;
    line.parent = lines.get(parent);
    if (line.parent) line.parent.children++;
  }
  return [...lines.values()];
}

function toLine(ring: Ring): Line {
  const line = {
    length: ring.length,
    area: signedArea(ring),
    parent: undefined,
    children: 0,
    isGone: false,
  } as Line & {
    first: Corner;
  };
  const corners = ring.map((point) => ({ point, ring: line, isGone: false }) as Corner);
  for (const [place, corner] of corners.entries()) {
    corner.before = corners.at(place - 1) ?? corner;
    corner.after = corners[(place + 1) % corners.length] ?? corner;
    if (place === 0) line.first = corner;
  }
  return line;
}

function cornersOf({ first, length }: Line): Corner[] {
  let corner = first;
  return Array.from({ length }, () => {
    const here = corner;
    corner = corner.after;
    return here;
  });
}
