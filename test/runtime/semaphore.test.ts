import { expect, it } from 'vitest';
import { createSemaphore } from '../../src/runtime/semaphore.ts';

/** Work that the test ends. */
function work() {
  let end = () => {};
  const done = new Promise<void>((resolve) => {
    end = resolve;
  });
  const state = { started: false };
  const start = () => {
    state.started = true;
    return done;
  };
  return { start, end: () => end(), state };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

it('runs so much at once, lets so much wait in order, and refuses the rest', async () => {
  const limit = createSemaphore({ running: 2, waiting: 2, what: 'things' });
  const works = [work(), work(), work(), work()];
  const results = works.map(({ start }) => limit.run(start));
  const refused = await limit.run(async () => {}).catch((error) => error);
  expect(refused).toMatchObject({ code: 'busy', status: 429, details: { retryAfterSeconds: 2 } });
  await settle();
  expect(works.map(({ state }) => state.started)).toEqual([true, true, false, false]);
  works[1]!.end();
  await settle();
  expect(works.map(({ state }) => state.started)).toEqual([true, true, true, false]);
  for (const { end } of works) end();
  await Promise.all(results);
  await expect(limit.run(async () => 'free again')).resolves.toBe('free again');
});

it('a caller that stops waiting leaves the queue; a failure releases its permit', async () => {
  const limit = createSemaphore({ running: 1, waiting: 1, what: 'things' });
  const first = work();
  const running = limit.run(first.start);
  const leaving = new AbortController();
  const left = limit.run(async () => 'never', leaving.signal).catch((error) => error);
  leaving.abort(new Error('gone'));
  expect(await left).toMatchObject({ message: 'gone' });
  const failing = limit.run(async () => Promise.reject(new Error('broken'))).catch((error) => error);
  first.end();
  await running;
  expect(await failing).toMatchObject({ message: 'broken' });
  await expect(limit.run(async () => 1)).resolves.toBe(1);
  await expect(limit.run(async () => 1, leaving.signal)).rejects.toThrow('gone');
});
