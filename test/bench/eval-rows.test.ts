import { describe, expect, it } from 'vitest';
import { evalRows } from '../../bench/eval-rows.ts';
import type { PairedScore } from '../../bench/evaluate-pair.ts';
import { seeded } from '../../bench/seeded.ts';
import { bootstrapInterval } from '../../bench/statistics.ts';

/** An object whose every prompt has that IoU, with Kontur and with plain weights. */
function pair(id: string, kontur: number, plain: number): PairedScore {
  const scoreOf = (iou: number) => ({
    box: iou,
    oneClick: { middle: iou, inside: iou, anywhere: iou },
    bestOfOneClick: iou,
    clicks: [iou, iou, iou, iou, iou],
    vertices: [40],
  });
  return { id, photo: id, kontur: scoreOf(kontur), plain: scoreOf(plain) };
}
const sets = {
  leaves: [pair('a', 0.5, 0.25), pair('b', 0.75, 0.5)],
  cracks: [pair('c', 0.25, 0.5)],
};
const rows = evalRows(sets, { floors: { leaves: { iou: { box: 70 }, mostVertices: 50 } }, checksPlain: true });
const row = (name: string) => rows.find((candidate) => candidate.name === name);

describe('rows of an evaluation', () => {
  it('count each set the same, and each object of a set', () => {
    expect(row('leaves: box')?.measured).toBeCloseTo(62.5);
    expect(row('cracks: box')?.measured).toBeCloseTo(25);
    expect(row('mean over the sets: box')?.measured).toBeCloseTo(43.75);
  });

  it('have the difference to the plain weights, with what it has to be', () => {
    expect(row('leaves: box, less plain weights')).toMatchObject({ measured: 25, target: { atLeast: -1 } });
    expect(row('cracks: one click, first segment, less plain weights')).toMatchObject({
      measured: -25,
      interval: [-25, -25],
      target: { atLeast: -2 },
    });
    expect(row('mean over the sets: box, less plain weights')).toMatchObject({ measured: 0, target: { atLeast: 0 } });
    expect(row('mean over the sets: one click, first segment, less plain weights')?.target).toEqual({ atLeast: 6 });
  });

  it('have floors for the sets that have any', () => {
    expect(row('leaves: box')?.target).toEqual({ atLeast: 70 });
    expect(row('leaves: vertices a segment')?.target).toEqual({ atMost: 50 });
    expect(row('cracks: box')?.target).toBeUndefined();
  });

  it('have no mean where there is one set', () => {
    const names = evalRows({ leaves: sets.leaves }, { checksPlain: false }).map(({ name }) => name);
    expect(names.every((name) => name.startsWith('leaves: '))).toBe(true);
  });
});

describe('the interval of a bootstrap', () => {
  it('is wider the fewer groups there are, however many values they have', () => {
    const random = seeded(1);
    const widthOf = (groups: number[][]) => {
      const [low, high] = bootstrapInterval([groups], random);
      return high - low;
    };
    const many = widthOf(Array.from({ length: 100 }, (_, index) => [index % 2]));
    const few = widthOf([Array.from({ length: 50 }, () => 0), Array.from({ length: 50 }, () => 1)]);
    expect(many).toBeCloseTo(4 * 0.05, 1);
    expect(few).toBe(1);
  });
});
