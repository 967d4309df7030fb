import { writeFileSync } from 'node:fs';

/** One line of a measuring script's table: what was measured, beside what was wanted. */
export interface Row {
  name: string;
  measured: number;
  /** `undefined` for a figure that is reported only. */
  target?: { atLeast: number } | { atMost: number };
  /** Why the target does not hold on this machine; then it is neither met nor missed. */
  notApplicable?: string;
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
  { jsonFile, checkTargets = true }: { jsonFile?: string; checkTargets?: boolean } = {},
): void {
  process.stdout.write(`\n${formatTable(title, rows, checkTargets)}`);
  if (jsonFile) {
    const figures = rows.map((row) => ({ ...row, met: checkTargets ? isMet(row) : undefined }));
    writeFileSync(jsonFile, `${JSON.stringify({ title, rows: figures }, null, 2)}\n`);
  }
  if (checkTargets) process.exitCode = exitCodeFor(rows);
}

/** 1 if any target is missed, else 0. */
export function exitCodeFor(rows: Row[]): 0 | 1 {
  return rows.some((row) => isMet(row) === false) ? 1 : 0;
}

/** Whether the target is met; `undefined` without one, or where it is not applicable. A figure that is not a number misses. */
export function isMet({ measured, target, notApplicable }: Row): boolean | undefined {
  if (target === undefined || notApplicable !== undefined) return undefined;
  return 'atLeast' in target ? measured >= target.atLeast : measured <= target.atMost;
}

/** The table that `report` prints. */
export function formatTable(title: string, rows: Row[], checkTargets = true): string {
  const cells = rows.map((row) => [
    row.name,
    shown(row.measured, row.unit),
    targetText(row),
    checkTargets ? verdict(row) : '',
  ]);
  const table = [['measure', 'result', 'target', ''], ...cells];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((line) => line[column]!.length)));
  const lines = table.map((line) =>
    line
      .map((cell, column) =>
        column === 1 || column === 2 ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  );
  return `${[title, ...lines].join('\n')}\n`;
}

function verdict(row: Row): string {
  if (row.notApplicable !== undefined) return `not applicable: ${row.notApplicable}`;
  const met = isMet(row);
  if (met === undefined) return '';
  return met ? 'met' : 'MISSED';
}

function targetText({ target, unit }: Row): string {
  if (target === undefined) return '';
  return 'atLeast' in target ? `>= ${shown(target.atLeast, unit)}` : `<= ${shown(target.atMost, unit)}`;
}

function shown(value: number, unit = ''): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${value.toFixed(digits)}${unit && ` ${unit}`}`;
}
