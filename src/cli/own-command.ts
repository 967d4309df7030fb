import { realpathSync } from 'node:fs';
import path from 'node:path';
import { packagePath } from '../runtime/package-path.ts';
import { shellQuote } from './shell-quote.ts';

/**
 * Finds the command that runs this program in another terminal, from any folder: `kontur` if a shell finds it, else its
 * path.
 */
export function ownCommand(): string {
  const own = packagePath('bin/kontur.js');
  // npm puts folders first that no other terminal has.
  const folders = (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => folder !== '' && !folder.split(path.sep).includes('.bin'));
  const found = folders.map(programIn).find((program) => program !== undefined);
  return found !== undefined && found === realPath(own) ? 'kontur' : `node ${shellQuote(own)}`;
}

/**
 * Path of the file that `kontur` in a folder of PATH leads to. On Windows npm writes a script there, next to the
 * packages.
 */
const programIn = (folder: string): string | undefined =>
  process.platform === 'win32'
    ? realPath(path.join(folder, 'kontur.cmd')) &&
      realPath(path.join(folder, 'node_modules', 'kontur-segment', 'bin', 'kontur.js'))
    : realPath(path.join(folder, 'kontur'));

function realPath(file: string): string | undefined {
  try {
    return realpathSync(file);
  } catch {
    return undefined;
  }
}
