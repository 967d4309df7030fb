import { type MaskPolygon, type Ring, ringContains, signedArea } from './mask-polygon.ts';
import type { PixelPoint } from './spaces.ts';

/**
 * Splits one closed line at its seams, the lines that it runs along there and back, into the outlines and holes that
 * were joined by them (`seamHoles`, and detached parts joined the same way). A line without seams is one part.
 *
 * @param ring in any units; both ways along a seam have the same coordinates exactly
 */
export function splitSeams(ring: Ring): MaskPolygon[] {
  const rings = cutRings(ring).filter(({ length }) => length >= 3);
  const largest = rings.toSorted((a, b) => Math.abs(signedArea(b)) - Math.abs(signedArea(a)));
  // Holes run against the outline that they were cut into, so the largest ring tells which way outlines run.
  const direction = Math.sign(signedArea(largest[0] ?? [])) || 1;
  const outlines = largest.filter((one) => signedArea(one) * direction > 0);
  const parts = outlines.map((outer): MaskPolygon => ({ outer, holes: [] }));
  for (const hole of largest.filter((one) => signedArea(one) * direction < 0)) {
    const inside = parts.findLast(({ outer }) => hole.every((corner) => touchesOrContains(outer, corner)));
    (inside ?? parts[0])?.holes.push(hole);
  }
  return parts;
}

/** Cuts a line wherever it goes from one corner to the next and later comes back the same way. */
function cutRings(line: Ring): Ring[] {
  const rings: Ring[] = [];
  const waiting: Ring[] = [line];
  for (let ring = waiting.pop(); ring !== undefined; ring = waiting.pop()) {
    const plain = withoutRepeats(ring);
    const seam = findSeam(plain);
    if (seam === undefined) {
      rings.push(plain);
      continue;
    }
    const { out, back } = seam;
    // From `out` to the corner after it, around, and back: the last corner of what lies between is its first.
    waiting.push(plain.slice(out + 1, back), [...plain.slice(0, out + 1), ...plain.slice(back + 2)]);
  }
  return rings;
}

/**
 * The shortest stretch that begins with a step and ends with the same step back: indices of the corner before the step
 * and of the corner at which the step back begins.
 */
function findSeam(ring: Ring): { out: number; back: number } | undefined {
  const steps = new Map<string, number>();
  for (const [index, from] of ring.entries()) {
    const to = ring[(index + 1) % ring.length];
    if (to === undefined) continue;
    const out = steps.get(`${to.x},${to.y},${from.x},${from.y}`);
    if (out !== undefined) return { out, back: index };
    steps.set(`${from.x},${from.y},${to.x},${to.y}`, index);
  }
  return undefined;
}

function withoutRepeats(ring: Ring): Ring {
  const differs = (one: PixelPoint, other: PixelPoint | undefined) => one.x !== other?.x || one.y !== other?.y;
  return ring.length < 2 ? ring : ring.filter((corner, index) => differs(corner, ring[(index + 1) % ring.length]));
}

/** A corner of a hole may lie on the outline after rounding. */
function touchesOrContains(outer: Ring, corner: PixelPoint): boolean {
  return ringContains(outer, corner) || outer.some(({ x, y }) => x === corner.x && y === corner.y);
}
