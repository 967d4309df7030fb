/** Numbers of waiting jobs: of one project, and of all. */
export interface Waiting {
  ofProject: number;
  inTotal: number;
}

/** Limits of waiting jobs, which decide when these must be counted. */
export interface WaitingLimits {
  /** Most jobs that may wait. */
  limits: Waiting;
  /**
   * Whether the waiting jobs must be counted before another is accepted; if not, it is certainly below the limits.
   * Counts the job as accepted.
   */
  mustCount(project: string): boolean;
  /** Reports a fresh count. */
  counted(project: string, waiting: Waiting): void;
}

/** How long a count may be used for estimates. */
const GOOD_FOR_MS = 1_000;
/** Below this part of a limit, jobs accepted by other processes in the meantime cannot matter. */
const SAFE_PART = 0.5;
const MOST_PROJECTS = 1_000;

/**
 * Avoids most counts of waiting jobs, which would cost more than accepting one. Up to half of a limit, a count is
 * reused for a second, plus one for each job since.
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
