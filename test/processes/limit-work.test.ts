import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { limitWork } from '../../src/processes/limit-work.ts';

const LIMIT_MS = 2_000;

let child: ChildProcess;
afterEach(() => void child.kill('SIGKILL'));

async function startBusy(): Promise<number> {
  child = spawn(process.execPath, ['-e', 'console.log(1); for (;;);'], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout!, 'data');
  return child.pid!;
}

/** Processor time of the child, in milliseconds. */
function workedMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return 10 * (Number(user) + Number(system));
}

const over = (pid: number) => new Promise<'worked' | 'idle'>((resolve) => void limitWork(pid, LIMIT_MS, resolve));

describe.runIf(process.platform === 'linux')('the limit of a process', () => {
  it('is over once it has worked for so long', async () => {
    const pid = await startBusy();
    const before = workedMs(pid);
    expect(await over(pid)).toBe('worked');
    expect(workedMs(pid) - before).toBeGreaterThan(0.9 * LIMIT_MS);
  });

  it('is over no sooner where it gets a part of a core only', async () => {
    const pid = await startBusy();
    const before = workedMs(pid);
    const share = setInterval(() => {
      child.kill('SIGSTOP');
      setTimeout(() => child.kill('SIGCONT'), 60);
    }, 100);
    await over(pid);
    clearInterval(share);
    expect(workedMs(pid) - before).toBeGreaterThan(0.9 * LIMIT_MS);
  });

  it('is over where it gets none: it hangs, and so it is after its end', async () => {
    const pid = await startBusy();
    child.kill('SIGSTOP');
    const before = workedMs(pid);
    expect(await over(pid)).toBe('idle');
    expect(workedMs(pid) - before).toBeLessThan(0.1 * LIMIT_MS);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await over(pid);
  });

  it('is never over when the work is done', async () => {
    const pid = await startBusy();
    let calls = 0;
    const stop = limitWork(pid, 200, () => {
      calls += 1;
    });
    stop();
    await sleep(500);
    expect(calls).toBe(0);
  });
});
