import { setTimeout as sleep } from 'node:timers/promises';
import type { Row } from './row.ts';

/** A fault that is caused in a running system. */
export interface Fault {
  name: string;
  /** Relative frequency among the faults. */
  share: number;
  /** Causes the fault. Resolves when the next one may follow; false if it was not possible now. */
  happen(): Promise<boolean>;
}

/** Faults that happen until they are stopped. */
export interface Faults {
  /** Number of times that each has happened, a row each. */
  rows(): Row[];
  allHappened(): boolean;
  /** Resolves when nothing happens any more. */
  stop(): Promise<void>;
}

/** Factor by which outages are rarer than other faults: during them hardly a job progresses. */
const OUTAGES_RARER = 3;

/** Pauses between the end of a fault and the beginning of the next, in milliseconds. */
export interface Pauses {
  least: number;
  most: number;
}

/**
 * Causes each fault once, then random ones as `random` (0 to 1) decides, with pauses between. Outages come one after
 * the other, with longer pauses; faults of processes happen concurrently.
 */
export function startFaults(
  { ofProcesses, outages }: { ofProcesses: Fault[]; outages: Fault[] },
  { random, pauses }: { random: () => number; pauses: Pauses },
): Faults {
  const counts = new Map([...ofProcesses, ...outages].map(({ name }) => [name, 0]));
  const stopping = new AbortController();

  async function goOn(faults: Fault[], longer = 1) {
    const shares = faults.flatMap((fault) => Array<Fault>(fault.share).fill(fault));
    const choose = () => shares[Math.floor(random() * shares.length)]!;
    for (;;) {
      const pause = longer * (pauses.least + random() * (pauses.most - pauses.least));
      await sleep(pause, undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
      const fault = faults.find(({ name }) => counts.get(name) === 0) ?? choose();
      if (await fault.happen()) counts.set(fault.name, counts.get(fault.name)! + 1);
    }
  }
  const done = Promise.all([goOn(ofProcesses), goOn(outages, OUTAGES_RARER)]);
  return {
    rows: () => [...counts].map(([name, measured]) => ({ name, measured })),
    allHappened: () => [...counts.values()].every((count) => count > 0),
    async stop() {
      stopping.abort();
      await done;
    },
  };
}
