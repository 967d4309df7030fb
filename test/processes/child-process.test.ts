import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type ChildProcess, createChildProcess } from '../../src/processes/child-process.ts';
import { SOURCE_FLAGS, siblingModule } from '../../src/runtime/sibling-module.ts';
import type { ObedientCalls, Start } from './obedient-child.ts';

const opened: ChildProcess<ObedientCalls>[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((child) => child.close()));
});

function open({ start = {} as Start, endsAbandoned = true, limitMs = 60_000 } = {}) {
  let starts = 0;
  const child = createChildProcess<ObedientCalls, Start>({
    name: 'obedient child',
    entry: siblingModule('obedient-child', import.meta.url),
    start,
    endsAbandoned,
    limitMs,
    onStart: () => {
      starts++;
    },
  });
  opened.push(child);
  return { child, starts: () => starts };
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('createChildProcess', () => {
  it('starts one child on demand and asks it one thing after the other', async () => {
    const { child, starts } = open();
    expect(starts()).toBe(0);
    await child.ready();
    const answers = await Promise.all([1, 2, 3].map((value) => child.ask('echo', { value })));
    expect(answers.map(({ requests, value }) => [requests, value])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(starts()).toBe(1);
  });

  it('carries binary data and errors across, with their codes', async () => {
    const { child } = open();
    const value = Uint16Array.of(1, 2, 65535);
    expect((await child.ask('echo', { value })).value).toEqual(value);
    await expect(child.ask('refuse', {})).rejects.toMatchObject({
      name: 'KonturError',
      code: 'image-truncated',
      message: 'The image is damaged.',
      cause: 'line 7',
    });
    await expect(child.ask('throw', {})).rejects.toThrow('a fault');
    expect((await child.ask('echo', {})).requests, 'the same child goes on').toBe(4);
  });

  it('gives the child neither secrets of the environment nor flags of the parent', async () => {
    process.env.KONTUR_TEST_SECRET = 'secret';
    const { child } = open();
    const { environment, argv } = await child.ask('echo', {});
    delete process.env.KONTUR_TEST_SECRET;
    expect(environment).not.toContain('KONTUR_TEST_SECRET');
    expect(environment).toContain('ORT_DISABLE_TELEMETRY');
    expect(process.execArgv, 'the flags of this process').toContain('--wasm-tiering-budget=13000000');
    expect(argv).toEqual(['--expose-gc', ...SOURCE_FLAGS]);
  });

  it('gives up a request that kills its child twice, and serves those behind it', async () => {
    const { child, starts } = open();
    const poison = child.ask('die', {});
    const innocent = child.ask('echo', { value: 'fine' });
    await expect(poison).rejects.toMatchObject({
      code: 'image-given-up',
      message: expect.stringMatching(/stopped twice .* ended \(SIGKILL\)/),
    });
    await expect(innocent).resolves.toMatchObject({ value: 'fine' });
    expect(starts()).toBe(3);
  });

  it('tries a request once more whose child was killed from outside', async () => {
    const { child, starts } = open();
    const { pid } = await child.ask('echo', {});
    const waiting = child.ask('wait', { value: 200 });
    setTimeout(() => process.kill(pid, 'SIGKILL'), 50);
    const answer = await waiting;
    expect(answer.pid).not.toBe(pid);
    expect(starts()).toBe(2);
  });

  it('starts again after the child died idle', async () => {
    const { child } = open();
    const { pid } = await child.ask('echo', {});
    process.kill(pid, 'SIGKILL');
    const answer = await child.ask('echo', { value: 'again' });
    expect(answer.value).toBe('again');
    expect(answer.pid).not.toBe(pid);
  });

  it('says what keeps the child from starting, each time', async () => {
    const { child } = open({ start: { failToStart: true } });
    await expect(child.ready()).rejects.toMatchObject({ code: 'unavailable', message: 'The model is missing.' });
    await expect(child.ask('echo', {})).rejects.toMatchObject({ message: 'The model is missing.' });
    await expect(child.ready()).rejects.toMatchObject({ message: 'The model is missing.' });
  });

  it('does not try for ever to start a child that dies', async () => {
    const { child, starts } = open({ start: { dieOnStart: true } });
    await expect(child.ready()).rejects.toMatchObject({ code: 'unavailable' });
    await expect(child.ask('echo', {})).rejects.toMatchObject({ code: 'unavailable' });
    await expect(child.ask('echo', {})).rejects.toMatchObject({ code: 'unavailable' });
    expect(starts()).toBeLessThan(10);
  });
});

describe('a child that hangs', () => {
  it('is killed after the limit, and what it was doing is tried once more', async () => {
    const { child, starts } = open({ limitMs: 1500 });
    const { pid } = await child.ask('echo', {});
    const waiting = child.ask('wait', { value: 200 });
    process.kill(pid, 'SIGSTOP');
    const answer = await waiting;
    expect(answer.pid).not.toBe(pid);
    expect(isAlive(pid)).toBe(false);
    expect(starts()).toBe(2);
  });

  it.each(['hang', 'stop'] as const)(
    'over the same request twice (%s) fails it, and serves those behind it',
    async (act) => {
      const { child } = open({ limitMs: 1000 });
      const poison = child.ask(act, {});
      const innocent = child.ask('echo', { value: 'fine' });
      await expect(poison).rejects.toMatchObject({
        code: 'image-given-up',
        message: expect.stringContaining('hung: it did nothing for 1 s'),
      });
      await expect(innocent).resolves.toMatchObject({ value: 'fine', requests: 1 });
    },
  );

  it('is not one that has much to do', async () => {
    const { child, starts } = open({ limitMs: 2000 });
    const answers = [1, 2, 3, 4, 5].map(() => child.ask('wait', { value: 500 }));
    await expect(Promise.all(answers)).resolves.toHaveLength(5);
    expect(starts()).toBe(1);
  });
});

describe('a request for later', () => {
  it('lets those pass that are not, and goes on once it is wanted', async () => {
    const { child } = open();
    await child.ready();
    const order: string[] = [];
    const ask = (name: string, isForLater?: () => boolean) =>
      child.ask('echo', {}, { isForLater }).then(() => void order.push(name));
    let wanted = false;
    const first = child.ask('wait', { value: 100 });
    const asked = [
      ask('later', () => true),
      ask('no longer later', () => !wanted),
      ask('now'),
      ask('also later', () => true),
    ];
    wanted = true;
    await Promise.all([first, ...asked]);
    expect(order).toEqual(['no longer later', 'now', 'later', 'also later']);
  });
});

describe('a request that works for too long', () => {
  it('fails at once, says so, and is not tried again', async () => {
    const { child, starts } = open({ limitMs: 1000 });
    const poison = child.ask('spin', {});
    const innocent = child.ask('echo', { value: 'fine' });
    await expect(poison).rejects.toMatchObject({
      code: 'image-given-up',
      message: expect.stringMatching(/takes too long .* worked for 1 s/),
    });
    await expect(innocent).resolves.toMatchObject({ value: 'fine' });
    expect(starts()).toBe(2);
  });
});

describe('a request in parts', () => {
  it('has a limit for the first, and the next once the child tells its end', async () => {
    const { child, starts } = open({ limitMs: 3000 });
    await child.ready();
    const options = { firstLimitMs: 1000 };
    await expect(child.ask('parts', { value: [200, 1700, 0] }, options)).resolves.toMatchObject({ requests: 1 });
    await expect(child.ask('parts', { value: [2500] }, options)).rejects.toThrow('it did nothing for 1 s');
    expect(starts(), 'tried twice').toBe(3);
  });

  it('is given no longer for the next than any request', async () => {
    const { child } = open({ limitMs: 1000 });
    await expect(child.ask('parts', { value: [200, 3000] })).rejects.toThrow('it did nothing for 1 s');
  });
});

describe('the order of requests', () => {
  it('lets others in between those of one owner', async () => {
    const { child } = open();
    await child.ready();
    const order: string[] = [];
    const ask = (name: string, owner?: string) => child.ask('echo', {}, { owner }).then(() => void order.push(name));
    const first = child.ask('wait', { value: 100 }, { owner: 'a' });
    const asked = [ask('a1', 'a'), ask('a2', 'a'), ask('b1', 'b'), ask('b2', 'b'), ask('c', 'c'), ask('nobody')];
    await Promise.all([first, ...asked]);
    expect(order).toEqual(['b1', 'c', 'nobody', 'a1', 'b2', 'a2']);
  });

  it('is that of asking, but that one may let others go ahead that are asked a while later', async () => {
    const { child } = open();
    await child.ready();
    const order: string[] = [];
    const ask = (name: string, callsAhead?: number) =>
      child.ask('echo', {}, { callsAhead }).then(() => void order.push(name));
    // One call is worked on while the others are asked.
    const first = child.ask('wait', { value: 100 });
    const long = ask('long', 2);
    const others: Promise<void>[] = [];
    for (const name of ['a', 'b', 'c', 'd']) others.push(ask(name));
    await others[1];
    others.push(ask('e'));
    await Promise.all([first, long, ...others]);
    expect(order).toEqual(['a', 'b', 'c', 'd', 'long', 'e']);
  });
});

describe('deaths during requests that belong together', () => {
  it('are counted together', async () => {
    const { child, starts } = open();
    const deaths = { count: 1 };
    await expect(child.ask('die', {}, { deaths })).rejects.toMatchObject({ code: 'image-given-up' });
    expect(starts()).toBe(2);
  });
});

describe('a request that its caller gives up', () => {
  it('is answered with the reason at once, and its child is killed', async () => {
    const { child } = open();
    const { pid } = await child.ask('echo', {});
    const caller = new AbortController();
    const hanging = child.ask('hang', {}, { signal: caller.signal });
    const behind = child.ask('echo', { value: 'behind' });
    await setImmediate();
    caller.abort(new Error('timed out'));
    await expect(hanging).rejects.toThrow('timed out');
    await expect(behind).resolves.toMatchObject({ value: 'behind', requests: 1 });
    expect(isAlive(pid)).toBe(false);
  });

  it('leaves the queue without harm to the one before it', async () => {
    const { child } = open();
    const first = child.ask('wait', { value: 100 });
    const caller = new AbortController();
    const second = child.ask('die', {}, { signal: caller.signal });
    const third = child.ask('echo', {});
    caller.abort(new Error('gone'));
    await expect(second).rejects.toThrow('gone');
    const answers = await Promise.all([first, third]);
    expect(answers.map(({ requests }) => requests)).toEqual([1, 2]);
  });

  it('may go on where the child holds what others need', async () => {
    const { child } = open({ endsAbandoned: false });
    const { pid } = await child.ask('echo', {});
    const caller = new AbortController();
    const waiting = child.ask('wait', { value: 100 }, { signal: caller.signal });
    await setImmediate();
    caller.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    await expect(child.ask('echo', {})).resolves.toMatchObject({ pid, requests: 3 });
  });

  it('does not go on for longer than its limit', async () => {
    const { child } = open({ endsAbandoned: false, limitMs: 1000 });
    const caller = new AbortController();
    const hanging = child.ask('hang', {}, { signal: caller.signal });
    setTimeout(() => caller.abort(new Error('gone')), 500);
    await expect(hanging).rejects.toThrow('gone');
    await expect(child.ask('echo', { value: 'alive' })).resolves.toMatchObject({ value: 'alive' });
  });

  it('does not start at all when it was given up before', async () => {
    const { child, starts } = open();
    const gone = AbortSignal.abort(new Error('gone'));
    await expect(child.ask('echo', {}, { signal: gone })).rejects.toThrow('gone');
    expect(starts()).toBe(0);
  });
});

describe('close', () => {
  it('ends the child and fails what is not answered', async () => {
    const { child } = open();
    const { pid } = await child.ask('echo', {});
    const requests = [child.ask('hang', {}), child.ask('echo', {})];
    const failures = requests.map((request) => expect(request).rejects.toMatchObject({ code: 'unavailable' }));
    await child.close();
    await Promise.all(failures);
    expect(isAlive(pid)).toBe(false);
    await expect(child.ask('echo', {})).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('is fine with a child that never started', async () => {
    const { child } = open();
    await child.close();
    await expect(child.ready()).rejects.toMatchObject({ code: 'unavailable' });
  });
});
