import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { isBusy, limitTime, type MachineLoad, tooBusy } from '../../src/runtime/limit-time.ts';

/** Milliseconds until a limit of 200 is over on a machine with that load. */
async function msUntilOver(load: MachineLoad): Promise<number> {
  const started = performance.now();
  const told = await new Promise((resolve) => limitTime(200, resolve, () => load));
  expect(told).toEqual(load);
  return performance.now() - started;
}

describe('limitTime', () => {
  it('counts all time while there are cores for all that want one', async () => {
    const [idle, full] = await Promise.all([
      msUntilOver({ wanted: 0, cores: 2 }),
      msUntilOver({ wanted: 2, cores: 2 }),
    ]);
    for (const ms of [idle, full]) expect(ms).toBeGreaterThanOrEqual(190);
  });

  it('counts the part of a core that each gets of those that want one', async () => {
    const [idle, busy] = await Promise.all([
      msUntilOver({ wanted: 0, cores: 2 }),
      msUntilOver({ wanted: 8, cores: 2 }),
    ]);
    expect(busy).toBeGreaterThanOrEqual(780);
    expect(busy).toBeGreaterThan(2 * idle);
  });

  it('is over at last, however busy the machine is', async () => {
    expect(await msUntilOver({ wanted: 1e9, cores: 2 })).toBeGreaterThanOrEqual(1950);
  });

  it('is never over when it was ended before', async () => {
    let calls = 0;
    const end = limitTime(20, () => {
      calls++;
    });
    end();
    await sleep(100);
    expect(calls).toBe(0);
  });
});

describe('a busy machine', () => {
  it('is one where each process gets less than half a core, and is said to be the cause', () => {
    expect(isBusy({ wanted: 4, cores: 2 })).toBe(false);
    expect(isBusy({ wanted: 5.2, cores: 2 })).toBe(true);
    expect(tooBusy({ wanted: 5.2, cores: 2 })).toContain('5 processes want its 2 cores');
  });
});
