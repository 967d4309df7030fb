import { readFileSync } from 'node:fs';

/** Linux counts the processor time of processes in hundredths of a second. */
const TICKS_PER_MS = 0.1;
const LONGEST_LOOK_MS = 1_000;
/** Who gets less of a core than this for as long as the limit waits, or hangs: no other process keeps it from working so much. */
const IDLE_SHARE = 0.01;

/**
 * Calls `onOver` once a process has worked for `limitMs`, or done nothing for so long. While others are busy too, it gets a part of
 * a core, and time counts as that part: on a loaded machine nothing hangs that does not hang elsewhere. Where the system does not tell
 * what a process gets (`/proc`), all time counts.
 *
 * @returns ends the watch; `onOver` is not called any more
 */
export function limitWork(pid: number, limitMs: number, onOver: () => void): () => void {
  const intervalMs = Math.min(LONGEST_LOOK_MS, limitMs / 4);
  let seen = { time: performance.now(), worked: processorMs(pid) };
  let moved = seen;
  let counted = 0;
  const timer = setInterval(() => {
    const now = { time: performance.now(), worked: processorMs(pid) };
    // Threads add up. Where this process itself got no time to look, an answer may lie here unread.
    const elapsed = Math.min(now.time - seen.time, 2 * intervalMs);
    const worked = now.worked - seen.worked;
    counted += Number.isNaN(worked) ? elapsed : Math.min(elapsed, worked);
    seen = now;
    if (now.worked - moved.worked > IDLE_SHARE * limitMs) moved = now;
    if (counted < limitMs && now.time - moved.time < limitMs) return;
    clearInterval(timer);
    onOver();
  }, intervalMs);
  return () => clearInterval(timer);
}

/** Processor time of all threads of a process so far, in milliseconds. */
function processorMs(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name before may hold anything, parentheses too.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_MS;
  } catch {
    return Number.NaN;
  }
}
