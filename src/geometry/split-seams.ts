import { type MaskPolygon, type Ring, ringContains, signedArea } from './mask-polygon.ts';
import { type PixelPoint, pixelPoint } from './spaces.ts';

/**
 * Splits a closed line wherever it comes back to a vertex, and so at its seams, into the parts and holes that were
 * joined (`seamParts`). Seams themselves, which enclose nothing, are dropped. Rings at an even depth of nesting are
 * outlines, the others holes; whichever way the line ran, outlines come back clockwise on a screen and holes against
 * it. A line without seams is one part.
 *
 * @param ring in any units; where the line comes back, the coordinates are exactly equal
 */
export function splitSeams(ring: Ring): MaskPolygon[] {
  return nestRings(cutAtRepeats(ring));
}

/** Sorts rings that do not cross into parts with holes, by how deep each lies in others. The largest part is first. */
export function nestRings(rings: readonly Ring[]): MaskPolygon[] {
  const partOf = new Map<Ring, { part: MaskPolygon; isHole: boolean }>();
  for (const { ring, parent } of findParents(rings)) {
    const around = parent && partOf.get(parent);
    if (around === undefined || around.isHole) {
      partOf.set(ring, { part: { outer: turned(ring, 1), holes: [] }, isHole: false });
    } else {
      around.part.holes.push(turned(ring, -1));
      partOf.set(ring, { part: around.part, isHole: true });
    }
  }
  return [...partOf.values()].filter(({ isHole }) => !isHole).map(({ part }) => part);
}

/** Finds the ring right around each of several that do not cross, largest first. Rings without an area are left out. */
export function findParents(rings: readonly Ring[]): { ring: Ring; parent: Ring | undefined }[] {
  const largestFirst = rings
    .map((ring) => ({ ring, area: Math.abs(signedArea(ring)) }))
    .filter(({ area }) => area > 0)
    .sort((one, other) => other.area - one.area)
    .map(({ ring }) => ring);
  return largestFirst.map((ring, index) => {
    const inside = pointInside(ring);
    return { ring, parent: largestFirst.slice(0, index).findLast((other) => ringContains(other, inside)) };
  });
}

function cutAtRepeats(line: Ring): Ring[] {
  const rings: Ring[] = [];
  const path: PixelPoint[] = [];
  const placeOf = new Map<string, number>();
  const keyOf = ({ x, y }: PixelPoint) => `${x},${y}`;
  for (const vertex of line) {
    const place = placeOf.get(keyOf(vertex));
    if (place === undefined) {
      placeOf.set(keyOf(vertex), path.length);
      path.push(vertex);
      continue;
    }
    const loop = path.splice(place + 1);
    for (const passed of loop) placeOf.delete(keyOf(passed));
    rings.push([vertex, ...loop]);
  }
  return [...rings, path].filter(({ length }) => length >= 3);
}

/** A point strictly inside a ring with an area: between its first two crossings of a line just below its top. */
export function pointInside(ring: Ring): PixelPoint {
  const top = ring.reduce((least, { y }) => Math.min(least, y), Infinity);
  const next = ring.reduce((least, { y }) => (y > top ? Math.min(least, y) : least), Infinity);
  const y = (top + next) / 2;
  const crossings = ring.flatMap((to, index) => {
    const from = ring.at(index - 1) ?? to;
    return from.y > y === to.y > y ? [] : [from.x + ((y - from.y) / (to.y - from.y)) * (to.x - from.x)];
  });
  const [left = 0, right = left] = crossings.sort((one, other) => one - other);
  return pixelPoint((left + right) / 2, y);
}

/** Orients a ring so that its area has the given sign: 1 runs clockwise on a screen. */
function turned(ring: Ring, sign: 1 | -1): Ring {
  return signedArea(ring) * sign < 0 ? ring.toReversed() : ring;
}
