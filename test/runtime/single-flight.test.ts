import { describe, expect, it } from 'vitest';
import { createSingleFlight } from '../../src/runtime/single-flight.ts';

function startCounter() {
  const signals: AbortSignal[] = [];
  const finish: ((value: string) => void)[] = [];
  const start = (signal: AbortSignal) => {
    signals.push(signal);
    return new Promise<string>((resolve) => finish.push(resolve));
  };
  return { start, signals, finish };
}

describe('createSingleFlight', () => {
  it('runs once for all concurrent callers, and again for a later one', async () => {
    const work = createSingleFlight<string>();
    const { start, signals, finish } = startCounter();
    const both = [work.join('a', start), work.join('a', start, new AbortController().signal)];
    const other = work.join('b', start);
    expect(signals).toHaveLength(2);
    finish[0]!('A');
    finish[1]!('B');
    expect(await Promise.all([...both, other])).toEqual(['A', 'A', 'B']);
    void work.join('a', start);
    expect(signals).toHaveLength(3);
  });

  it('lets one caller go at once and works on for the others', async () => {
    const work = createSingleFlight<string>();
    const { start, signals, finish } = startCounter();
    const leaver = new AbortController();
    const leaving = work.join('a', start, leaver.signal);
    const staying = work.join('a', start);
    leaver.abort(new Error('gone'));
    await expect(leaving).rejects.toThrow('gone');
    expect(signals[0]!.aborted).toBe(false);
    finish[0]!('A');
    await expect(staying).resolves.toBe('A');
  });

  it('aborts the work when the last caller has gone, and starts again for the next', async () => {
    const work = createSingleFlight<string>();
    const { start, signals } = startCounter();
    const leavers = [new AbortController(), new AbortController()];
    const leaving = leavers.map(({ signal }) => work.join('a', start, signal));
    for (const leaver of leavers) leaver.abort(new Error('gone'));
    for (const gone of leaving) await expect(gone).rejects.toThrow('gone');
    expect(signals[0]!.aborted).toBe(true);
    void work.join('a', start);
    expect(signals).toHaveLength(2);
    expect(signals[1]!.aborted).toBe(false);
  });

  it('starts nothing for a caller who has already gone, and hands failures to all', async () => {
    const work = createSingleFlight<string>();
    const { start, signals } = startCounter();
    await expect(work.join('a', start, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(signals).toHaveLength(0);
    const fail = () => Promise.reject(new Error('broken'));
    const failing = [work.join('c', fail), work.join('c', start, new AbortController().signal)];
    for (const failed of failing) await expect(failed).rejects.toThrow('broken');
    expect(signals).toHaveLength(0);
  });
});
