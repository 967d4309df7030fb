import { KonturError } from '#contract/errors';
import { MAX_OUTLINE_RINGS, MAX_OUTLINE_VERTICES } from '#contract/limits';
import { type Ring, signedArea } from '#geometry/mask-polygon';
import { findCrossing } from '#geometry/rings-intersect';
import { nestRings } from '#geometry/split-seams';
import { type Outline, toParts } from './outline-polygon.ts';

/**
 * Checks an outline that a client sends: not too large, each ring with an area, no two edges that cross, each hole in
 * its outline and in no other hole, no part in another. Rings may touch.
 *
 * @param place path of the outline in the request, for messages
 * @throws KonturError `invalid-request` that says where and what
 */
export function checkOutline(outline: Outline, place: string): void {
  const refuse = (problem: string): never => {
    throw new KonturError('invalid-request', `${place}${problem}`);
  };
  const vertices = outline.reduce((sum, part) => sum + part.reduce((count, ring) => count + ring.length, 0), 0);
  const rings = outline.reduce((sum, part) => sum + part.length, 0);
  if (vertices > MAX_OUTLINE_VERTICES || rings > MAX_OUTLINE_RINGS) {
    refuse(
      ` has ${rings} rings of ${vertices} vertices; at most ${MAX_OUTLINE_RINGS} rings and ${MAX_OUTLINE_VERTICES} vertices are accepted. Simplify it.`,
    );
  }
  const parts = toParts(outline);
  const all = new Map<Ring, string>();
  for (const [part, { outer, holes }] of parts.entries()) {
    for (const [ring, line] of [outer, ...holes].entries()) {
      if (signedArea(line) === 0) refuse(`[${part}][${ring}] encloses nothing: its corners lie on one line.`);
      all.set(line, `[${part}][${ring}]`);
    }
  }
  const crossing = findCrossing([...all.keys()]);
  if (crossing !== undefined) {
    const at = `(${crossing.x.toFixed(4)}, ${crossing.y.toFixed(4)})`;
    refuse(` crosses itself near ${at}: no two edges of an outline and its holes may cross.`);
  }
  const nested = nestRings([...all.keys()]);
  const sorted = nested.reduce((count, { holes }) => count + 1 + holes.length, 0);
  const isSorted =
    sorted === rings &&
    nested.length === parts.length &&
    nested.every(({ outer, holes }) => {
      const part = parts.find((one) => isSameRing(one.outer, outer));
      return part !== undefined && part.holes.length === holes.length;
    });
  if (!isSorted) refuse(' has a hole outside its outline or within another hole, or a part within another part.');
}

/** A ring may have been turned round. */
const isSameRing = (one: Ring, other: Ring): boolean =>
  one.length === other.length && (one[0] === other[0] || one[0] === other.at(-1));
