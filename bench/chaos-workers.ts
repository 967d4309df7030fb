import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const WORKER = fileURLToPath(new URL('./chaos-worker.mjs', import.meta.url));
/** Longer than a worker may be silent before it loses its jobs. */
const FREEZE_MS = 15_000;
const PAUSE_MS = { least: 300, most: 2_000 };

/** What was done to workers so far. */
export interface Harm {
  killed: number;
  frozen: number;
}

/** Processes that run jobs and to which bad things happen. */
export interface ChaosWorkers {
  harm: Harm;
  /** Does no more harm and ends all of them. */
  stop(): Promise<void>;
}

/** Starts `count` workers, and kills or freezes one after the other, as `random` (0 to 1) has it; each comes back. */
export async function startChaosWorkers({
  count,
  url,
  jobMs,
  random,
}: {
  count: number;
  url: string;
  jobMs: number;
  random: () => number;
}): Promise<ChaosWorkers> {
  const harm: Harm = { killed: 0, frozen: 0 };
  const start = async () => {
    const child = spawn(process.execPath, [WORKER, JSON.stringify({ url, jobMs })], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    return child;
  };
  const workers = await Promise.all(Array.from({ length: count }, start));
  const frozen = new Set<ChildProcess>();
  const stopping = new AbortController();
  const thawing: Promise<void>[] = [];

  async function harmOne() {
    const place = Math.floor(random() * count);
    const worker = workers[place]!;
    if (frozen.has(worker)) return;
    // The first in any case, so that the smallest run has one.
    if (harm.killed === 0 || random() < 0.5) {
      worker.kill('SIGKILL');
      harm.killed += 1;
      workers[place] = await start();
      return;
    }
    worker.kill('SIGSTOP');
    harm.frozen += 1;
    frozen.add(worker);
    const thaw = async () => {
      await sleep(FREEZE_MS, undefined, { signal: stopping.signal }).catch(() => {});
      worker.kill('SIGCONT');
      frozen.delete(worker);
    };
    thawing.push(thaw());
  }

  async function goOn() {
    while (!stopping.signal.aborted) {
      const pause = PAUSE_MS.least + random() * (PAUSE_MS.most - PAUSE_MS.least);
      await sleep(pause, undefined, { signal: stopping.signal }).catch(() => {});
      // One is left to work, or nothing would come of it.
      if (!stopping.signal.aborted && frozen.size < count - 1) await harmOne();
    }
  }
  const done = goOn();
  return {
    harm,
    async stop() {
      stopping.abort();
      await done;
      await Promise.all(thawing);
      for (const worker of workers) worker.kill('SIGKILL');
    },
  };
}
