import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Measurement } from '../bench/measurement.ts';
import { SOURCE_FLAGS } from '../src/runtime/sibling-module.ts';
import { type Folders, root } from './server-process.ts';

const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** Results of a measuring script: its output, and the JSON of `--json` if it wrote any. */
export interface Measured {
  code: number;
  stdout: string;
  stderr: string;
  figures?: Measurement;
  /** Kontur's files and folders that are still in the temporary folder. */
  leftOver: string[];
}

/** Runs what `npm run <script>` runs once all is installed and built, with a file for its figures. */
export async function runMeasuring(script: string, args: string[], folders: Folders): Promise<Measured> {
  const json = path.join(folders.base, `${script.replace(':', '-')}.json`);
  return { ...(await runTool(script, [...args, '--json', json], folders)), figures: readIfWritten(json) };
}

/** Runs what `npm run <script>` runs once all is installed and built. */
export async function runTool(script: string, args: string[], folders: Folders): Promise<Omit<Measured, 'figures'>> {
  const [, file] = /^node scripts\/run-tool\.mjs (\S+\.ts)$/.exec(scripts[script] ?? '') ?? [];
  if (file === undefined) throw new Error(`package.json has no tool ${script}.`);
  const env = { ...process.env, HOME: folders.home, TMPDIR: folders.temporary };
  const command = [...SOURCE_FLAGS, file, ...args];
  const ended = await promisify(execFile)(process.execPath, command, { cwd: root, env }).then(
    (output) => ({ code: 0, ...output }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
  return {
    ...ended,
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
