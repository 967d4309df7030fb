import { writeFileSync } from 'node:fs';
import { type Measurement, nameInFull } from './measurement.ts';
import { isMet, type Row } from './row.ts';
import { currentCommit, thisMachine } from './this-machine.ts';

/** Description of a measuring script in its measurement. */
export interface MeasurementSource {
  title: string;
  command: string;
  settings?: Measurement['settings'];
}

/**
 * Writes a measurement as a file of docs/measurements/, with machine, commit and date.
 *
 * @param checkTargets whether the file says which targets were met
 */
export function writeMeasurement(file: string, source: MeasurementSource, rows: Row[], checkTargets = true): void {
  const measurement: Measurement = {
    title: source.title,
    command: source.command,
    date: new Date().toISOString().slice(0, 10),
    commit: currentCommit(),
    machine: thisMachine(),
    ...(source.settings && { settings: source.settings }),
    rows: nameInFull(rows).map((row) => ({ ...row, met: checkTargets ? isMet(row) : undefined })),
  };
  writeFileSync(file, `${JSON.stringify(measurement, null, 2)}\n`);
}
