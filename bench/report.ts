import { formatTable } from './format-table.ts';
import { exitCodeFor, type Row } from './row.ts';
import { type MeasurementSource, writeMeasurement } from './write-measurement.ts';

/**
 * Prints one table of targets and measured values, writes it as a measurement (write-measurement.ts) if asked to, and
 * sets the exit code: 1 if a target is missed. `checkTargets` is off for smoke sizes, whose figures mean nothing.
 */
export function report(
  source: MeasurementSource,
  rows: Row[],
  { jsonFile, checkTargets = true }: { jsonFile?: string; checkTargets?: boolean } = {},
): void {
  process.stdout.write(`\n${formatTable(source.title, rows, checkTargets)}`);
  if (jsonFile) writeMeasurement(jsonFile, source, rows, checkTargets);
  if (checkTargets) process.exitCode = exitCodeFor(rows);
}
