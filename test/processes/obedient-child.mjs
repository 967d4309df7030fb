// A child process that does what its requests say. Started by child-process.test.ts.
import { KonturError } from '../../dist/contract/errors.js';
import { serveRequests } from '../../dist/processes/serve-requests.js';

serveRequests(async ({ failToStart, dieOnStart }) => {
  if (failToStart) throw new KonturError('unavailable', 'The model is missing.');
  if (dieOnStart) process.kill(process.pid, 'SIGKILL');
  let requests = 0;

  return async ({ act, value }) => {
    requests++;
    if (act === 'die') process.kill(process.pid, 'SIGKILL');
    if (act === 'refuse')
      throw new KonturError('image-truncated', 'The image is damaged.', { cause: new Error('line 7') });
    if (act === 'throw') throw new TypeError('a fault');
    if (act === 'stop') process.kill(process.pid, 'SIGSTOP');
    if (act === 'hang') await new Promise(() => {});
    if (act === 'wait') await new Promise((resolve) => setTimeout(resolve, value));
    return { pid: process.pid, requests, value, environment: Object.keys(process.env), argv: process.execArgv };
  };
});
