import { describe, expect, it } from 'vitest';
import { workInSteps } from '../../src/engine/work-in-steps.ts';

describe('workInSteps', () => {
  it('goes on from stop to stop, and tells the result at the end', async () => {
    const done: number[] = [];
    const steps = workInSteps(async (stop) => {
      done.push(1);
      await stop();
      done.push(2);
      await Promise.resolve();
      await stop();
      done.push(3);
      return 'result';
    });
    expect(done).toEqual([]);
    expect([await steps.next(), [...done]]).toEqual([undefined, [1]]);
    expect([await steps.next(), [...done]]).toEqual([undefined, [1, 2]]);
    expect([await steps.next(), [...done]]).toEqual([{ result: 'result' }, [1, 2, 3]]);
  });

  it('throws what the work throws, before a stop or after', async () => {
    const atOnce = workInSteps(async () => {
      throw new Error('at once');
    });
    await expect(atOnce.next()).rejects.toThrow('at once');
    const later = workInSteps(async (stop) => {
      await stop();
      throw new Error('later');
    });
    await later.next();
    await expect(later.next()).rejects.toThrow('later');
  });
});
