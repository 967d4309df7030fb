import { expect, it } from 'vitest';
import { createShortMemory } from '../../src/runtime/short-memory.ts';

function newMemory() {
  const clock = { time: 1_000 };
  const memory = createShortMemory<number>(() => clock.time);
  let asked = 0;
  const recall = (...words: (string | number)[]) => memory.recall(words, async () => ++asked);
  return { clock, memory, recall };
}

it('an answer counts for a minute from the moment of asking', async () => {
  const { clock, memory, recall } = newMemory();
  expect(await recall('a')).toBe(1);
  clock.time += 60_000;
  expect(await recall('a')).toBe(1);
  clock.time += 1;
  expect(await recall('a')).toBe(2);

  let answer = (_value: number) => {};
  const slow = memory.recall(['b'], () => new Promise((resolve) => (answer = resolve)));
  clock.time += 60_001;
  answer(7);
  expect(await slow).toBe(7);
  expect(await recall('b')).toBe(3);
});

it('words are told apart, also where one could end and the next begin elsewhere', async () => {
  const { recall } = newMemory();
  expect(await recall('ab', 'c')).toBe(1);
  expect(await recall('a', 'bc')).toBe(2);
  expect(await recall('a', 1)).toBe(3);
  expect(await recall('a', '1')).toBe(4);
});

it('concurrent callers share one answer; a failure reaches both and is not cached', async () => {
  const { memory, recall } = newMemory();
  expect(await Promise.all([recall('a'), recall('a')])).toEqual([1, 1]);
  const failing = () => memory.recall(['b'], () => Promise.reject(new Error('away')));
  await expect(Promise.all([failing(), recall('b')])).rejects.toThrow('away');
  expect(await recall('b')).toBe(2);
});

it('the answers used longest ago go when there are too many', async () => {
  const { recall } = newMemory();
  for (let word = 0; word <= 10_000; word++) await recall(word);
  expect(await recall(10_000)).toBe(10_001);
  expect(await recall(0)).toBe(10_002);
});
