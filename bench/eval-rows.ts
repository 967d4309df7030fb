import type { ObjectScore } from './evaluate-object.ts';
import type { PairedScore } from './evaluate-pair.ts';
import type { Row } from './row.ts';
import { seeded } from './seeded.ts';
import { bootstrapInterval, mean } from './statistics.ts';

/** Scores of the objects of each evaluation set, by its name. */
export type ScoresOfSets = Record<string, PairedScore[]>;

/** Least results of Kontur for one set, in percent, by kind of prompt; and most vertices of a segment. */
export interface Floors {
  iou: Partial<Record<KindName, number>>;
  mostVertices?: number;
}

/** A kind of prompt, and what has to hold against the plain weights, in points: on the mean of sets, and on each. */
interface Kind {
  iouOf: (score: ObjectScore) => number;
  meanAtLeast?: number;
  setAtLeast?: number;
}

const KINDS = {
  box: { iouOf: ({ box }) => box, meanAtLeast: 0, setAtLeast: -1 },
  'one click, first segment': { iouOf: ({ oneClick }) => oneClick.middle, meanAtLeast: 6, setAtLeast: -2 },
  'one click inside, first segment': { iouOf: ({ oneClick }) => oneClick.inside },
  'one click anywhere, first segment': { iouOf: ({ oneClick }) => oneClick.anywhere },
  'one click, mean of three places': {
    iouOf: ({ oneClick: { middle, inside, anywhere } }) => (middle + inside + anywhere) / 3,
    meanAtLeast: 6,
    setAtLeast: -2,
  },
  'one click, best of the answered': { iouOf: ({ bestOfOneClick }) => bestOfOneClick, meanAtLeast: 0, setAtLeast: -1 },
  '2 clicks': { iouOf: ({ clicks }) => clicks[1]! },
  '3 clicks': { iouOf: ({ clicks }) => clicks[2]!, meanAtLeast: 0, setAtLeast: -2 },
  '5 clicks': { iouOf: ({ clicks }) => clicks[4]!, meanAtLeast: 0, setAtLeast: -2 },
} satisfies Record<string, Kind>;

export type KindName = keyof typeof KINDS;
export const KIND_NAMES = Object.keys(KINDS) as KindName[];

/** Name of the rows that stand for all sets. */
export const ALL_SETS = 'mean over the sets';
export const LESS_PLAIN = 'less plain weights';

/** Rows of an evaluation: for each set and for their mean, each kind of prompt, and its difference to plain weights. */
export function evalRows(
  sets: ScoresOfSets,
  { floors = {}, checksPlain }: { floors?: Record<string, Floors>; checksPlain: boolean },
): Row[] {
  const names = Object.keys(sets);
  const several = names.length > 1 ? rowsOf(ALL_SETS, Object.values(sets), { checksPlain }) : [];
  return [...several, ...names.flatMap((name) => rowsOf(name, [sets[name]!], { floors: floors[name], checksPlain }))];
}

function rowsOf(
  name: string,
  sets: PairedScore[][],
  { floors, checksPlain }: { floors?: Floors; checksPlain: boolean },
): Row[] {
  const vertices = sets.flat().flatMap(({ kontur }) => kontur.vertices);
  return [
    ...KIND_NAMES.flatMap((kindName) => {
      const { iouOf, meanAtLeast, setAtLeast }: Kind = KINDS[kindName];
      const atLeast = sets.length > 1 ? meanAtLeast : setAtLeast;
      const measured = 100 * mean(sets.map((scores) => mean(scores.map(({ kontur }) => iouOf(kontur)))));
      const differences = sets.map((scores) =>
        byPhoto(scores).map((objects) => objects.map(({ kontur, plain }) => 100 * (iouOf(kontur) - iouOf(plain)))),
      );
      const floor = floors?.iou[kindName];
      return [
        { name: `${name}: ${kindName}`, measured, target: floor === undefined ? undefined : { atLeast: floor } },
        {
          name: `${name}: ${kindName}, ${LESS_PLAIN}`,
          measured: mean(differences.map((groups) => mean(groups.flat()))),
          interval: bootstrapInterval(differences, seeded(1)),
          target: checksPlain && atLeast !== undefined ? { atLeast } : undefined,
        },
      ];
    }),
    {
      name: `${name}: vertices a segment`,
      measured: mean(vertices),
      target: floors?.mostVertices === undefined ? undefined : { atMost: floors.mostVertices },
    },
  ];
}

function byPhoto(scores: PairedScore[]): PairedScore[][] {
  const photos = new Map<string, PairedScore[]>();
  for (const score of scores) photos.set(score.photo, [...(photos.get(score.photo) ?? []), score]);
  return [...photos.values()];
}
