import type { Outline, UnitPosition } from './photo-object.ts';

/** What an answer is among the others to the same prompt. */
export type CandidateRole = 'part' | 'object' | 'whole';

const ROLES: Record<number, readonly CandidateRole[]> = { 2: ['object', 'whole'], 3: ['part', 'object', 'whole'] };

/** Roles of the answers to one prompt, by the order of their areas; empty where there are not two or three. */
export function candidateRoles(outlines: readonly Outline[]): CandidateRole[] {
  const areas = outlines.map(areaOf);
  const roles = ROLES[outlines.length];
  if (roles === undefined) return [];
  const bySize = areas.map((_, index) => index).sort((one, other) => areas[one]! - areas[other]!);
  return areas.map((_, index) => roles[bySize.indexOf(index)]!);
}

/** Area that an outline covers, as a share of the photo; holes do not count. */
export const areaOf = ({ parts }: Outline): number =>
  parts.reduce((sum, [outer, ...holes]) => {
    return sum + ringArea(outer ?? []) - holes.reduce((inner, hole) => inner + ringArea(hole), 0);
  }, 0);

function ringArea(ring: readonly UnitPosition[]): number {
  let twice = 0;
  for (const [place, one] of ring.entries()) {
    const other = ring[(place + 1) % ring.length] ?? one;
    twice += one.x * other.y - other.x * one.y;
  }
  return Math.abs(twice) / 2;
}

/** The smallest box around outlines, in fractions of the photo; undefined around none. */
export function boundsOf(
  outlines: readonly Outline[],
): { xMin: number; yMin: number; xMax: number; yMax: number } | undefined {
  let bounds: ReturnType<typeof boundsOf>;
  for (const { x, y } of outlines.flatMap(({ parts }) => parts.flat(2))) {
    bounds = {
      xMin: Math.min(bounds?.xMin ?? 1, x),
      yMin: Math.min(bounds?.yMin ?? 1, y),
      xMax: Math.max(bounds?.xMax ?? 0, x),
      yMax: Math.max(bounds?.yMax ?? 0, y),
    };
  }
  return bounds;
}
