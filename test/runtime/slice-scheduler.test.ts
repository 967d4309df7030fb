import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createSliceScheduler, type Slices } from '../../src/runtime/slice-scheduler.ts';

const newScheduler = (limits: { running?: number; waiting?: number } = {}) =>
  createSliceScheduler({ sliceMs: 2, running: 16, waiting: 100, what: 'sums are being worked out', ...limits });

/** Computes until it has had this many slices. */
async function useSlices(slices: Slices, count: number, onSlice: () => void = () => {}): Promise<void> {
  for (let slice = 0; slice < count; slice++) {
    onSlice();
    while (!slices.isOver());
    await slices.next();
  }
}

describe('computations that share the event loop', () => {
  it('go on in slices, one of each client after the other', async () => {
    const scheduler = newScheduler();
    const order: string[] = [];
    const run = (client: string, count: number) =>
      scheduler.run(client, (slices) => useSlices(slices, count, () => order.push(client)));
    await Promise.all([run('a', 3), run('b', 3), run('c', 1)]);
    expect(order).toEqual(['a', 'b', 'c', 'a', 'b', 'a', 'b']);
  });

  it('let timers and input through between slices', async () => {
    const scheduler = newScheduler();
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const slices = 20;
    await Promise.all(['a', 'b'].map((client) => scheduler.run(client, (each) => useSlices(each, slices))));
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(slices);
  });

  it('of one client run one after the other, so that its second does not slow down another client', async () => {
    const scheduler = newScheduler();
    const ended: string[] = [];
    const run = async (client: string, name: string, count: number) => {
      await scheduler.run(client, (slices) => useSlices(slices, count));
      ended.push(name);
    };
    const many = Array.from({ length: 20 }, (_, index) => run('a', `a${index}`, 5));
    await Promise.all([...many, run('b', 'b', 4)]);
    expect(ended[0]).toBe('b');
    expect(ended.slice(1)).toEqual(Array.from({ length: 20 }, (_, index) => `a${index}`));
  });

  it('begin by client in order of waiting, where only some run at once', async () => {
    const scheduler = newScheduler({ running: 1 });
    const begun: string[] = [];
    const run = (client: string) =>
      scheduler.run(client, async (slices) => {
        begun.push(client);
        await slices.next();
      });
    await Promise.all([run('a'), run('a'), run('a'), run('b'), run('b'), run('c')]);
    expect(begun).toEqual(['a', 'a', 'b', 'c', 'a', 'b']);
  });

  it('are refused where too many of the client wait', async () => {
    const scheduler = newScheduler({ waiting: 1 });
    let end = () => {};
    const held = new Promise<void>((resolve) => {
      end = resolve;
    });
    const running = scheduler.run('a', () => held);
    const waiting = scheduler.run('a', async () => 'done');
    await expect(scheduler.run('a', async () => 'never')).rejects.toMatchObject({
      code: 'busy',
      message: 'Too many sums are being worked out at this moment. Ask again in a while.',
    });
    const other = scheduler.run('b', async () => 'other');
    end();
    await running;
    expect(await waiting).toBe('done');
    expect(await other).toBe('other');
    expect(await scheduler.run('a', async () => 'again')).toBe('again');
  });

  it('end with their signal: before they begin, while they wait, and while they run', async () => {
    const scheduler = newScheduler();
    const gone = new Error('gone');
    const [early, waits, runs] = [new AbortController(), new AbortController(), new AbortController()];
    early.abort(gone);
    let slicesHad = 0;
    await expect(scheduler.run('a', async () => slicesHad++, early.signal)).rejects.toBe(gone);
    const running = scheduler.run('a', (slices) => useSlices(slices, 1e9, () => slicesHad++), runs.signal);
    const waiting = scheduler.run('a', async () => 'never', waits.signal);
    const behind = scheduler.run('a', async () => 'behind');
    waits.abort(gone);
    await expect(waiting).rejects.toBe(gone);
    await sleep(20);
    expect(slicesHad).toBeGreaterThan(0);
    runs.abort(gone);
    await expect(running).rejects.toBe(gone);
    expect(await behind).toBe('behind');
  });

  it('that fail leave their place to the next', async () => {
    const scheduler = newScheduler({ running: 1 });
    const failing = scheduler.run('a', async () => {
      throw new Error('broken');
    });
    const next = scheduler.run('b', async () => 'next');
    await expect(failing).rejects.toThrow('broken');
    expect(await next).toBe('next');
  });
});
