import { cpus, loadavg } from 'node:os';

/** How many processes want the machine's cores at present, as an average over a minute, and how many cores there are. */
export interface MachineLoad {
  wanted: number;
  cores: number;
}

/** Whatever the load, no limit becomes more than so many times as long. */
export const MOST_STRETCH = 10;

const LONGEST_LOOK_MS = 1_000;

/**
 * Calls `onOver` after `limitMs`. While more processes want the machine's cores than there are, time counts as the part of a core that
 * each of them gets, so that nothing is over for the sole reason that the machine is busy.
 *
 * @param onOver is told the load at the end
 * @returns ends the watch; `onOver` is not called any more
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

/** Says that the machine is the cause of what took too long, and what to do. */
export const tooBusy = ({ wanted, cores }: MachineLoad): string =>
  `The machine is too busy: ${Math.round(wanted)} processes want its ${cores} cores. Try again when it is less so.`;

let cores: number | undefined;

/** On Windows, which has no such average, nothing is said to want a core. */
function machineLoad(): MachineLoad {
  cores ??= Math.max(1, cpus().length);
  return { wanted: loadavg()[0] ?? 0, cores };
}
