import path from 'node:path';
import { TABLES } from '../bench/figures/tables.ts';
import { type Measurement, readMeasurements } from '../bench/measurement.ts';
import { root } from './server-process.ts';

/**
 * Makes every table of the documents with a measurement exchanged for the one given, as if it were the file of that
 * name in docs/measurements/.
 *
 * @throws Error where a table needs a row that the measurement does not have
 */
export function fillAllTables(name: string, measurement: Measurement): string[] {
  const measurements = { ...readMeasurements(path.join(root, 'docs/measurements')), [name]: measurement };
  return Object.values(TABLES).map((table) => table(measurements).markdown);
}
