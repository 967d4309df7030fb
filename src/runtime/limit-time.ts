import { cpus, loadavg } from 'node:os';

/** The number of processes that want a core, averaged over a minute, and the number of cores. */
export interface MachineLoad {
  wanted: number;
  cores: number;
}

/** No limit becomes longer than this many times itself, whatever the load. */
export const MOST_STRETCH = 10;

const LONGEST_LOOK_MS = 1_000;

/**
 * Calls `onOver` after `limitMs`. While more processes want a core than there are cores, only each one's share of a
 * core counts, so that a limit never ends work merely because the machine is busy.
 *
 * @param onOver gets the load at the end
 * @returns a function that cancels the limit
 */
export function limitTime(limitMs: number, onOver: (load: MachineLoad) => void, readLoad = machineLoad): () => void {
  const intervalMs = Math.min(LONGEST_LOOK_MS, limitMs / 4);
  let seen = performance.now();
  let counted = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    const load = readLoad();
    counted += (now - seen) / Math.min(MOST_STRETCH, Math.max(1, load.wanted / load.cores));
    seen = now;
    if (counted < limitMs) return;
    clearInterval(timer);
    onOver(load);
  }, intervalMs);
  return () => clearInterval(timer);
}

/** Whether each process gets less than half a core. */
export const isBusy = ({ wanted, cores }: MachineLoad): boolean => wanted > 2 * cores;

/** Formats the message for work that took too long because of the machine's load, with what to do. */
export const tooBusy = ({ wanted, cores }: MachineLoad): string =>
  `The machine is too busy: ${Math.round(wanted)} processes want its ${cores} cores. Try again when it is less so.`;

let cores: number | undefined;

/** Windows has no load average: no process counts as wanting a core there. */
function machineLoad(): MachineLoad {
  cores ??= Math.max(1, cpus().length);
  return { wanted: loadavg()[0] ?? 0, cores };
}
