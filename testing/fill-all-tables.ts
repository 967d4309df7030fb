import path from 'node:path';
import { TABLES } from '../bench/figures/tables.ts';
import { type Measurement, readMeasurements } from '../bench/measurement.ts';
import { root } from './server-process.ts';

/**
 * Generates every table of the documents with one measurement replaced by the given one, as if it were the file of that
 * name in docs/measurements/.
 *
 * @throws Error if a table needs a row that the measurement does not have
 */
export function fillAllTables(name: string, measurement: Measurement): string[] {
  const measurements = { ...readMeasurements(path.join(root, 'docs/measurements')), [name]: measurement };
  return Object.values(TABLES).map((table) => table(measurements).markdown);
}
