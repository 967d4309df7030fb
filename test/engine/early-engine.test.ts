import { expect, it, vi } from 'vitest';
import { endEarlyEngine, startEarlyEngine, takeEngineProcess } from '../../src/engine/early-engine.ts';

const children = () => process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length;

it('is taken by the first engine; the next has a process that starts then', async () => {
  const before = children();
  startEarlyEngine();
  expect(children()).toBe(before + 1);
  const first = takeEngineProcess();
  expect(children(), 'the same process').toBe(before + 1);
  const second = takeEngineProcess();
  expect(second.process.pid).not.toBe(first.process.pid);
  endEarlyEngine();
  expect(first.process.killed, 'it is the business of who took it').toBe(false);
  for (const { process: child } of [first, second]) child.kill('SIGKILL');
  expect(await Promise.all([first.ended, second.ended])).toEqual(['SIGKILL', 'SIGKILL']);
  await vi.waitFor(() => expect(children()).toBe(before), { timeout: 20_000 });
});

it('ends where nobody takes it', async () => {
  const before = children();
  startEarlyEngine();
  endEarlyEngine();
  await vi.waitFor(() => expect(children()).toBe(before), { timeout: 20_000 });
});
