import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Row } from './row.ts';

/** One figure of a file in docs/measurements/. Its name is unique in the file. */
export interface MeasuredRow extends Row {
  /** Lowest and highest of several runs, where there were several. */
  range?: [number, number];
  /** Whether the target was met; absent without one, or where targets were not checked. */
  met?: boolean;
}

/** The machine of a measurement. Facts that were not recorded at the time are absent. */
export interface Machine {
  processor: string;
  cores: number;
  memoryGb?: number;
  system?: string;
  node?: string;
  onnxruntime?: string;
}

/** A file of docs/measurements/: the results of one run of a measuring script, and the machine. */
export interface Measurement {
  title: string;
  /** The command that measured it; `DIR` stands for a folder on the machine. */
  command: string;
  /** Day of the measurement, as YYYY-MM-DD. */
  date: string;
  /** Commit that was measured, with "and changes" where the working tree differed from it. */
  commit: string;
  machine: Machine;
  /** Sizes and settings that the figures depend on. */
  settings?: Record<string, string | number | boolean>;
  /** Where the figures come from, if not straight from the command. */
  note?: string;
  rows: MeasuredRow[];
}

/**
 * Expands the names of rows to full names: a name that is indented in the printed table begins with that of the row it
 * belongs to.
 */
export function nameInFull(rows: Row[]): Row[] {
  let group = '';
  return rows.map((row) => {
    if (!row.name.startsWith(' ')) {
      group = row.name;
      return row;
    }
    return { ...row, name: `${group}: ${row.name.trim()}` };
  });
}

/**
 * Reads every measurement of a folder, by the name of its file without `.json`.
 *
 * @throws Error if two rows of a file have the same name
 */
export function readMeasurements(folder: string): Record<string, Measurement> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return Object.fromEntries(
    files.sort().map((file) => {
      const measurement = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Measurement;
      const names = measurement.rows.map(({ name }) => name);
      const twice = names.find((name, index) => names.indexOf(name) !== index);
      if (twice !== undefined) throw new Error(`docs/measurements/${file} has two rows "${twice}".`);
      return [file.slice(0, -'.json'.length), measurement];
    }),
  );
}
