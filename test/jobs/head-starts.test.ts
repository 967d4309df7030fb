import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Segment } from '../../src/contract/segment-job.ts';
import { createHeadStarts } from '../../src/jobs/head-starts.ts';
import type { JobTask } from '../../src/jobs/job-record.ts';

const TASK: JobTask = {
  jobId: 7,
  project: 'demo',
  file: { fileId: 1 },
  prompt: { points: [{ x: 0.5, y: 0.5, label: 1 }] },
};
const SEGMENTS: Segment[] = [{ score: 0.9, polygons: [] }];

describe('createHeadStarts', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('runs a job once for whoever takes it, before it is taken', async () => {
    const run = vi.fn(async () => SEGMENTS);
    const headStarts = createHeadStarts(run);
    headStarts.begin(TASK);
    expect(run).toHaveBeenCalledTimes(1);
    const taken = headStarts.take(7)!;
    expect(await taken(TASK, new AbortController().signal)).toBe(SEGMENTS);
    expect(run).toHaveBeenCalledTimes(1);
    expect(headStarts.take(7)).toBeUndefined();
  });

  it('has nothing for a job that did not begin', () => {
    expect(createHeadStarts(async () => SEGMENTS).take(7)).toBeUndefined();
  });

  it('tells whoever takes it why it failed', async () => {
    const headStarts = createHeadStarts(async () => {
      throw new Error('not an image');
    });
    headStarts.begin(TASK);
    await expect(headStarts.take(7)!(TASK, new AbortController().signal)).rejects.toThrow('not an image');
  });

  it('passes the signal of whoever takes it on', () => {
    const signals: AbortSignal[] = [];
    const headStarts = createHeadStarts((_, signal) => {
      signals.push(signal);
      return new Promise(() => {});
    });
    headStarts.begin(TASK);
    const controller = new AbortController();
    void headStarts.take(7)!(TASK, controller.signal);
    controller.abort(new Error('cancelled'));
    expect(signals[0]!.reason).toEqual(new Error('cancelled'));
  });

  it('aborts what nobody takes, after a while or when told to', () => {
    const signals: AbortSignal[] = [];
    const headStarts = createHeadStarts((_, signal) => {
      signals.push(signal);
      return new Promise(() => {});
    });
    headStarts.begin(TASK);
    vi.advanceTimersByTime(30_000);
    headStarts.begin({ ...TASK, jobId: 8 });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    expect(headStarts.count).toBe(1);
    headStarts.abort();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    expect(headStarts.count).toBe(0);
  });
});
