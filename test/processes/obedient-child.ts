// A child process that does what its requests say. Started by child-process.test.ts.
import { KonturError } from '#contract/errors';
import { serveRequests } from '../../src/processes/serve-requests.ts';

/** What the child does as soon as it is started. */
export interface Start {
  failToStart?: boolean;
  dieOnStart?: boolean;
}
export interface Request {
  act: 'echo' | 'die' | 'refuse' | 'throw' | 'hang' | 'stop' | 'wait';
  /** Echoed; of `wait`, for how many milliseconds. */
  value?: unknown;
}
export interface Answer {
  pid: number;
  requests: number;
  value: unknown;
  environment: string[];
  argv: string[];
}

serveRequests(async ({ failToStart, dieOnStart }: Start) => {
  if (failToStart) throw new KonturError('unavailable', 'The model is missing.');
  if (dieOnStart) process.kill(process.pid, 'SIGKILL');
  let requests = 0;

  return async ({ act, value }: Request): Promise<Answer> => {
    requests++;
    if (act === 'die') process.kill(process.pid, 'SIGKILL');
    if (act === 'refuse')
      throw new KonturError('image-truncated', 'The image is damaged.', { cause: new Error('line 7') });
    if (act === 'throw') throw new TypeError('a fault');
    if (act === 'stop') process.kill(process.pid, 'SIGSTOP');
    if (act === 'hang') await new Promise(() => {});
    if (act === 'wait') await new Promise((resolve) => setTimeout(resolve, Number(value)));
    return { pid: process.pid, requests, value, environment: Object.keys(process.env), argv: process.execArgv };
  };
});
