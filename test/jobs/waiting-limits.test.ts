import { expect, it } from 'vitest';
import { createWaitingLimits } from '../../src/jobs/waiting-limits.ts';

const LIMITS = { ofProject: 100, inTotal: 1000 };

it('has jobs counted again each second, and for each job beyond half of a limit', () => {
  let time = 0;
  const waiting = createWaitingLimits(LIMITS, () => time);
  expect(waiting.mustCount('a')).toBe(true);
  waiting.counted('a', { ofProject: 47, inTotal: 47 });
  expect(waiting.mustCount('a')).toBe(false);
  expect(waiting.mustCount('a')).toBe(false);
  expect(waiting.mustCount('a')).toBe(true);
  expect(waiting.mustCount('b')).toBe(true);

  waiting.counted('a', { ofProject: 3, inTotal: 600 });
  expect(waiting.mustCount('a')).toBe(true);
  waiting.counted('a', { ofProject: 3, inTotal: 3 });
  expect(waiting.mustCount('a')).toBe(false);
  time = 1001;
  expect(waiting.mustCount('a')).toBe(true);
});
