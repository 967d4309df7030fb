import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Measurement } from '../bench/measurement.ts';
import { SOURCE_FLAGS } from '../src/runtime/sibling-module.ts';
import { type Folders, root } from './server-process.ts';

/** Results of a measuring script: its output, and the JSON of `--json` if it wrote any. */
export interface Measured {
  code: number;
  stdout: string;
  stderr: string;
  figures?: Measurement;
  /** Kontur's files and folders that are still in the temporary folder. */
  leftOver: string[];
}

/** Runs `bench/<script>.ts` as its npm command does after installation and build. */
export async function runMeasuring(script: string, args: string[], folders: Folders): Promise<Measured> {
  const json = path.join(folders.base, `${script}.json`);
  const env = { ...process.env, HOME: folders.home, TMPDIR: folders.temporary };
  const command = [...SOURCE_FLAGS, path.join('bench', `${script}.ts`), ...args, '--json', json];
  const ended = await promisify(execFile)(process.execPath, command, { cwd: root, env }).then(
    (output) => ({ code: 0, ...output }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
  return {
    ...ended,
    figures: readIfWritten(json),
    leftOver: readdirSync(folders.temporary).filter((name) => name.startsWith('kontur-')),
  };
}

function readIfWritten(file: string): Measured['figures'] {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
