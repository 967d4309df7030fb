/** Numbers of jobs that wait: of one project, and of all. */
export interface Waiting {
  ofProject: number;
  inTotal: number;
}

export interface WaitingLimits {
  /** Most jobs that may wait. */
  limits: Waiting;
  /** Whether the jobs that wait have to be counted before one more is let in; it fits in any case else. */
  mustCount(project: string): boolean;
  /** To be told what was counted. */
  counted(project: string, waiting: Waiting): void;
}

/** For so long a count is good for guessing. */
const GOOD_FOR_MS = 1_000;
/** Below this part of a limit, what other processes let in meanwhile cannot matter. */
const SAFE_PART = 0.5;
const MOST_PROJECTS = 1_000;

/**
 * Spares most counts: with many jobs waiting, counting them for every one that is posted would cost more than to take it.
 * Up to half of a limit, a count of this second is taken as it was, and one more for each job since.
 */
export function createWaitingLimits(
  limits: Waiting,
  now: () => number = performance.now.bind(performance),
): WaitingLimits {
  const counts = new Map<string, Waiting & { time: number }>();
  return {
    limits,
    mustCount(project) {
      const known = counts.get(project);
      if (known === undefined || now() - known.time > GOOD_FOR_MS) return true;
      known.ofProject += 1;
      known.inTotal += 1;
      return known.ofProject >= limits.ofProject * SAFE_PART || known.inTotal >= limits.inTotal * SAFE_PART;
    },
    counted(project, waiting) {
      if (counts.size >= MOST_PROJECTS) counts.clear();
      counts.set(project, { ...waiting, time: now() });
    },
  };
}
