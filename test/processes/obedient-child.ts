// A child process that does what it is asked. Started by child-process.test.ts.
import { KonturError } from '#contract/errors';
import { limitNextPart, serveCalls } from '../../src/processes/serve-calls.ts';

/** What the child does as soon as it is started. */
export interface Start {
  failToStart?: boolean;
  dieOnStart?: boolean;
}
export interface Answer {
  pid: number;
  requests: number;
  value: unknown;
  environment: string[];
  argv: string[];
}

/** `value` is echoed; of `wait`, it says for how many milliseconds, of `parts`, for how many of each. */
export type ObedientCalls = Record<
  'echo' | 'die' | 'refuse' | 'throw' | 'hang' | 'stop' | 'spin' | 'wait' | 'parts',
  { request: { value?: unknown }; answer: Answer }
>;

serveCalls<ObedientCalls, Start>(async ({ failToStart, dieOnStart }) => {
  if (failToStart) throw new KonturError('unavailable', 'The model is missing.');
  if (dieOnStart) process.kill(process.pid, 'SIGKILL');
  let requests = 0;
  const doing =
    (act: (value: unknown) => unknown) =>
    async ({ value }: { value?: unknown }): Promise<Answer> => {
      requests++;
      await act(value);
      return { pid: process.pid, requests, value, environment: Object.keys(process.env), argv: process.execArgv };
    };

  return {
    echo: doing(() => {}),
    die: doing(() => process.kill(process.pid, 'SIGKILL')),
    refuse: doing(() => {
      throw new KonturError('image-truncated', 'The image is damaged.', { cause: new Error('line 7') });
    }),
    throw: doing(() => {
      throw new TypeError('a fault');
    }),
    stop: doing(() => process.kill(process.pid, 'SIGSTOP')),
    hang: doing(() => new Promise(() => {})),
    spin: doing(() => {
      for (;;);
    }),
    parts: doing(async (value) => {
      for (const ms of value as number[]) {
        await new Promise((resolve) => setTimeout(resolve, ms));
        limitNextPart(60_000);
      }
    }),
    wait: doing((value) => new Promise((resolve) => setTimeout(resolve, Number(value)))),
  };
});
