import { expect, test } from 'vitest';
import { createAttemptLimiter } from '../../src/auth/attempt-limiter.ts';

test('waits grow from the fifth wrong try on, up to a minute, and end with a right one', () => {
  let time = 0;
  const attempts = createAttemptLimiter({ now: () => time });
  const waits = Array.from({ length: 14 }, () => {
    attempts.failed('anna');
    return attempts.waitSeconds('anna');
  });
  expect(waits).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
  expect(attempts.waitSeconds('bob')).toBe(0);
  time += 60_000;
  expect(attempts.waitSeconds('anna')).toBe(0);
  attempts.failed('anna');
  expect(attempts.waitSeconds('anna')).toBe(60);
  attempts.succeeded('anna');
  expect(attempts.waitSeconds('anna')).toBe(0);
});

test('forgets those that failed longest ago when there are too many', () => {
  const attempts = createAttemptLimiter({ now: () => 0 });
  for (let i = 0; i < 5; i++) attempts.failed('first');
  expect(attempts.waitSeconds('first')).toBe(1);
  for (let i = 0; i < 10_000; i++) attempts.failed(`guess ${i}`);
  expect(attempts.waitSeconds('first')).toBe(0);
});
