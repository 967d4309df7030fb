import { isMet, type Row } from './row.ts';

/**
 * Formats a table of targets and results, as measuring scripts print it. `checkTargets`: whether it says which targets
 * are met.
 */
export function formatTable(title: string, rows: Row[], checkTargets = true): string {
  const cells = rows.map((row) => [
    row.name,
    `${shown(row.measured, row.unit)}${row.interval ? ` [${row.interval.map((end) => shown(end)).join(', ')}]` : ''}`,
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

/** Formats a figure with as many digits as are significant, and its unit. */
export function shown(value: number, unit = ''): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${value.toFixed(digits)}${unit && ` ${unit}`}`;
}
