import { expect, it } from 'vitest';
import { randomId } from '../../src/database/random-id.ts';

it('gives safe integers of 15 or 16 digits, all over the range and never twice', () => {
  const ids = Array.from({ length: 20_000 }, randomId);
  for (const id of ids) {
    expect(Number.isSafeInteger(id)).toBe(true);
    expect(String(id)).toMatch(/^\d{15,16}$/);
  }
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => id < 2 ** 52).length / ids.length).toBeCloseTo(0.49, 1);
  expect(ids.filter((id) => id % 2 === 1).length / ids.length).toBeCloseTo(0.5, 1);
});
