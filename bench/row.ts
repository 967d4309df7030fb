/** One row of a measuring script's table: a measured value and its target. */
export interface Row {
  name: string;
  measured: number;
  /** `undefined` for a figure that is reported only. */
  target?: { atLeast: number } | { atMost: number };
  /** Why the target does not apply on this machine; it is then neither met nor missed. */
  notApplicable?: string;
  unit?: string;
  /** Lowest and highest value that chance explains (95 % of a bootstrap). */
  interval?: [number, number];
  /** How it was measured, for readers of the JSON. */
  note?: string;
}

/**
 * Whether the target is met; `undefined` without one, or where it is not applicable. A figure that is not a number
 * misses.
 */
export function isMet({ measured, target, notApplicable }: Row): boolean | undefined {
  if (target === undefined || notApplicable !== undefined) return undefined;
  return 'atLeast' in target ? measured >= target.atLeast : measured <= target.atMost;
}

/** Exit code for rows: 1 if any target is missed, else 0. */
export function exitCodeFor(rows: Row[]): 0 | 1 {
  return rows.some((row) => isMet(row) === false) ? 1 : 0;
}
