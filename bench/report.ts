import { writeFileSync } from 'node:fs';

/** One line of a measuring script's table: what was measured, beside what was wanted. */
export interface Row {
  name: string;
  measured: number;
  /** `undefined` for a figure that is reported only. */
  target?: { atLeast: number } | { atMost: number };
  unit?: string;
  /** How it was measured, for readers of the JSON. */
  note?: string;
}

/**
 * Prints one table of target beside measured, writes it as JSON where asked, and sets the exit code: 1 if a target is missed.
 * `checkTargets` is off for smoke sizes, whose figures mean nothing.
 */
export function report(
  title: string,
  rows: Row[],
  { jsonFile, checkTargets = true }: { jsonFile?: string; checkTargets?: boolean },
) {
  const cells = rows.map((row) => [
    row.name,
    shown(row.measured, row.unit),
    targetText(row),
    verdict(row, checkTargets),
  ]);
  const table = [['measure', 'result', 'target', ''], ...cells];
  const widths = table[0].map((_, column) => Math.max(...table.map((line) => line[column].length)));
  process.stdout.write(`\n${title}\n`);
  for (const line of table) {
    const padded = line.map((cell, column) =>
      column === 1 || column === 2 ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
    );
    process.stdout.write(`${padded.join('  ').trimEnd()}\n`);
  }
  if (jsonFile)
    writeFileSync(
      jsonFile,
      `${JSON.stringify({ title, rows: rows.map((row) => ({ ...row, met: met(row) })) }, null, 2)}\n`,
    );
  if (checkTargets && rows.some((row) => met(row) === false)) process.exitCode = 1;
}

/** Whether the target is met; `undefined` without one. */
function met({ measured, target }: Row): boolean | undefined {
  if (target === undefined) return undefined;
  return 'atLeast' in target ? measured >= target.atLeast : measured <= target.atMost;
}

function verdict(row: Row, checkTargets: boolean): string {
  const result = met(row);
  if (result === undefined || !checkTargets) return '';
  return result ? 'met' : 'MISSED';
}

function targetText({ target, unit }: Row): string {
  if (target === undefined) return '';
  return 'atLeast' in target ? `>= ${shown(target.atLeast, unit)}` : `<= ${shown(target.atMost, unit)}`;
}

function shown(value: number, unit = ''): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${value.toFixed(digits)}${unit && ` ${unit}`}`;
}

/** Middle value, or the given quantile, of a list that is not empty. */
export function quantile(values: number[], fraction = 0.5): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * fraction), sorted.length - 1)];
}

/** Arithmetic mean of a list that is not empty. */
export function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
