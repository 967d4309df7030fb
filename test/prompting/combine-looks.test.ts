import { describe, expect, it } from 'vitest';
import { fitToModel } from '#geometry/spaces';
import { type CloseLook, combineLooks, isConfirmed, type Look } from '#prompting/combine-looks';
import type { RankedCandidate } from '#prompting/rank-candidates';
import { box, type Field, logitsOf } from '../geometry/synthetic-logits.ts';

const photo = fitToModel(3000, 3000);
const window = { left: 1000, top: 1000, width: 1000, height: 1000 };
const close = fitToModel(1000, 1000);

/** A square in pixels of the photo, from its left side on. */
const square = (left: number, side: number): Field => box(left, 1200, left + side, 1200 + side);
const nothing: Field = () => -1;

function far(rank: number, field: Field, token = 1): RankedCandidate {
  const scale = 3000 / 1024;
  return { score: rank, rank, token, logits: logitsOf((x, y) => field(x * scale, y * scale), photo) };
}
function near(rank: number, field: Field, token = 1): RankedCandidate {
  const scale = 1000 / 1024;
  return { score: rank, rank, token, logits: logitsOf((x, y) => field(1000 + x * scale, 1000 + y * scale), close) };
}
const combine = (whole: RankedCandidate[], inWindow: RankedCandidate[]) =>
  combineLooks({ frame: photo, candidates: whole }, { frame: close, candidates: inWindow, window }).map(
    ({ candidate, isClose }) => [isClose ? 'close' : 'whole', candidate.rank],
  );

describe('two looks at one click', () => {
  const thing = square(1200, 300);

  it('are answered by the close one that confirms the best of the whole photo, which it replaces', () => {
    expect(combine([far(0.9, thing)], [near(0.5, square(1205, 300))])).toEqual([['close', 0.5]]);
  });

  it('are answered by the best of the whole photo where no close one confirms it, and keep the close ones behind', () => {
    expect(combine([far(0.4, thing)], [near(0.9, square(1300, 60)), near(0.8, square(1700, 200))])).toEqual([
      ['whole', 0.4],
      ['close', 0.9],
      ['close', 0.8],
    ]);
  });

  it('prefer the close one that is most like the best of the whole photo to one of a higher rank', () => {
    const [first] = combine([far(0.5, thing)], [near(0.9, square(1200, 220)), near(0.4, square(1200, 290))]);
    expect(first).toEqual(['close', 0.4]);
  });

  it('confirm nothing by a mask of the window alone that is larger in the photo', () => {
    // Both fill the window, but the whole photo's is eight times as large.
    const wide: Field = box(0, 0, 3000, 2700);
    const [first] = combine([far(0.5, wide)], [near(0.9, box(1000, 1000, 2000, 2000))]);
    expect(first).toEqual(['whole', 0.5]);
  });

  it('give three answers at most, by rank, without what repeats a better one', () => {
    const others = [far(0.7, square(1200, 600)), far(0.2, square(1250, 100))];
    const closeOthers = [near(0.6, square(1200, 590)), near(0.3, square(1800, 100)), near(0.1, square(1600, 100))];
    expect(combine([far(0.9, thing), ...others], [near(0.5, thing), ...closeOthers])).toEqual([
      ['close', 0.5],
      ['whole', 0.7],
      ['close', 0.3],
    ]);
  });

  it('are those of one look where the other has none', () => {
    expect(combine([far(0.9, thing)], [])).toEqual([['whole', 0.9]]);
    expect(combine([], [near(0.9, thing)])).toEqual([['close', 0.9]]);
  });
});

describe('the one close answer to a box or to several clicks', () => {
  const whole = (field: Field): Look => ({ frame: photo, candidates: [far(0, field)] });
  const inWindow = (field: Field): CloseLook => ({ frame: close, candidates: [near(0, field)], window });
  const thing = whole(square(1200, 300));

  it('counts where it overlaps the whole photo by three tenths, of clicks by a half', () => {
    expect(isConfirmed(thing, inWindow(square(1200, 200)), 'box')).toBe(true);
    expect(isConfirmed(thing, inWindow(square(1200, 150)), 'box')).toBe(false);
    expect(isConfirmed(thing, inWindow(square(1700, 200)), 'box')).toBe(false);
    expect(isConfirmed(thing, inWindow(square(1200, 240)), 'clicks')).toBe(true);
    expect(isConfirmed(thing, inWindow(square(1200, 200)), 'clicks')).toBe(false);
  });

  it('counts where the whole photo has no answer', () => {
    expect(isConfirmed(whole(nothing), inWindow(square(1200, 150)), 'box')).toBe(true);
    expect(isConfirmed({ frame: photo, candidates: [] }, inWindow(square(1200, 150)), 'clicks')).toBe(true);
  });
});
