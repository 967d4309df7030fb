import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rename, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseLocation } from '../src/database/open-database.ts';
import { siblingModule } from '../src/runtime/sibling-module.ts';
import type { Fault } from './chaos-faults.ts';
import type { ChaosProcessOptions } from './chaos-process.ts';

/** Duration of a freeze in milliseconds, longer than a worker may be silent before it loses its jobs. */
const FREEZE_MS = 15_000;
const STORE_AWAY_MS = 2_000;
const START_AGAIN_MS = 200;
/** Longest duration of a job in milliseconds. */
const LONGEST_JOB_MS = 150;

/** Database and store of the processes. */
export interface ChaosPlace {
  location: DatabaseLocation;
  /** Folder with the contents of files. */
  store: string;
}

/** Processes that run jobs, and the faults that can be caused in them. */
export interface ChaosProcesses {
  /** Living processes, in no order. */
  running: ChildProcess[];
  kill: Fault;
  freeze: Fault;
  stop(): Promise<void>;
}

/** Starts `count` processes; a killed one is restarted, a frozen one thaws after a while. */
export async function startChaosProcesses(
  place: ChaosPlace,
  { count, random }: { count: number; random: () => number },
): Promise<ChaosProcesses> {
  /**
   * Starts a process, with retries as a supervisor does: none starts while the database or the store is unavailable.
   */
  const start = async (): Promise<ChildProcess> => {
    const { url, execArgv } = siblingModule('chaos-process', import.meta.url);
    const options: ChaosProcessOptions = { ...place, jobMs: LONGEST_JOB_MS };
    const child = fork(url, [JSON.stringify(options)], { execArgv, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    const ready = once(child.stdout!, 'data').then(() => true);
    if ((await Promise.race([ready, once(child, 'exit')])) === true) return child;
    await sleep(START_AGAIN_MS);
    return start();
  };
  const running = await Promise.all(Array.from({ length: count }, start));
  const frozen = new Set<ChildProcess>();
  const stopping = new AbortController();
  const thawing: Promise<void>[] = [];
  const choose = () => Math.floor(random() * count);
  /** One process is left to work, or no job would end. */
  const mayFreeze = (child: ChildProcess) => !frozen.has(child) && frozen.size < count - 1;

  return {
    running,
    kill: {
      name: 'processes killed',
      share: 6,
      async happen() {
        const at = choose();
        const child = running[at]!;
        if (frozen.has(child)) return false;
        const exited = once(child, 'exit');
        child.kill('SIGKILL');
        await exited;
        running[at] = await start();
        return true;
      },
    },
    freeze: {
      name: 'processes frozen',
      share: 4,
      async happen() {
        const child = running[choose()]!;
        if (!mayFreeze(child)) return false;
        child.kill('SIGSTOP');
        frozen.add(child);
        const thaw = async () => {
          await sleep(FREEZE_MS, undefined, { signal: stopping.signal }).catch(() => {});
          child.kill('SIGCONT');
          frozen.delete(child);
        };
        thawing.push(thaw());
        return true;
      },
    },
    async stop() {
      stopping.abort();
      await Promise.all(thawing);
      const exits = running.map((child) => once(child, 'exit'));
      for (const child of running) child.kill('SIGKILL');
      await Promise.all(exits);
    },
  };
}

/** Moves the folder of the store away for a while, as when its mount is lost. */
export function cutStoreOff({ store }: ChaosPlace): Fault {
  return {
    name: 'store cut off',
    share: 1,
    async happen() {
      await rename(store, `${store}-away`);
      await sleep(STORE_AWAY_MS);
      await putBack(store);
      return true;
    },
  };
}

/** Moves the folder of the store back. A process that was about to open it may have created an empty one meanwhile. */
async function putBack(store: string): Promise<void> {
  const back = () => rename(`${store}-away`, store).then(() => true);
  while (!(await back().catch(() => false))) await rm(store, { recursive: true, force: true }).catch(() => {});
}
