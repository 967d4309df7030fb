import { expect, it } from 'vitest';
import { createWaitingLimits } from '../../src/jobs/waiting-limits.ts';

const LIMITS = { ofProject: 100, inTotal: 1000 };
const NOTHING = { ofProject: 0, inTotal: 0 };

it('has jobs counted anew each second, and for each job beyond half of a limit', () => {
  let time = 0;
  const waiting = createWaitingLimits(LIMITS, () => time);
  expect(waiting.countUpTo('a')).toEqual(LIMITS);
  waiting.counted('a', { ofProject: 47, inTotal: 47 });
  expect(waiting.countUpTo('a')).toEqual(NOTHING);
  expect(waiting.countUpTo('a')).toEqual(NOTHING);
  expect(waiting.countUpTo('a')).toEqual(LIMITS);
  expect(waiting.countUpTo('b')).toEqual(LIMITS);

  waiting.counted('a', { ofProject: 3, inTotal: 600 });
  expect(waiting.countUpTo('a')).toEqual(LIMITS);
  waiting.counted('a', { ofProject: 3, inTotal: 3 });
  expect(waiting.countUpTo('a')).toEqual(NOTHING);
  time = 1001;
  expect(waiting.countUpTo('a')).toEqual(LIMITS);
});
