import { readFileSync } from 'node:fs';

/** Linux counts the processor time of processes in hundredths of a second. */
const TICKS_PER_MS = 0.1;
const LONGEST_LOOK_MS = 1_000;
/**
 * A process that gets a smaller share of a core than this for the whole limit hangs: load alone never keeps it from
 * working that much.
 */
const IDLE_SHARE = 0.01;

/**
 * Watchdog: calls `onOver` once a process has worked for `limitMs`, or has been idle for as long. On a loaded machine
 * it gets a share of a core, and only that share counts, so that load never looks like a hang. Where the system does
 * not report a process's time (`/proc`), all time counts.
 *
 * @param onOver gets the reason
 * @returns a function that stops the watchdog
 */
export function limitWork(pid: number, limitMs: number, onOver: (how: 'worked' | 'idle') => void): () => void {
  const intervalMs = Math.min(LONGEST_LOOK_MS, limitMs / 4);
  let seen = { time: performance.now(), worked: processorMs(pid) };
  let moved = seen;
  let counted = 0;
  const timer = setInterval(() => {
    const now = { time: performance.now(), worked: processorMs(pid) };
    // Threads add up. If this process itself was starved, an answer may be waiting here unread.
    const elapsed = Math.min(now.time - seen.time, 2 * intervalMs);
    const worked = now.worked - seen.worked;
    counted += Number.isNaN(worked) ? elapsed : Math.min(elapsed, worked);
    seen = now;
    if (now.worked - moved.worked > IDLE_SHARE * limitMs) moved = now;
    const isIdle = now.time - moved.time >= limitMs;
    if (counted < limitMs && !isIdle) return;
    clearInterval(timer);
    onOver(isIdle ? 'idle' : 'worked');
  }, intervalMs);
  return () => clearInterval(timer);
}

/** Processor time of all threads of a process so far, in milliseconds. */
function processorMs(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name before may contain anything, including parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_MS;
  } catch {
    return Number.NaN;
  }
}
