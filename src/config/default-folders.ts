import { existsSync } from 'node:fs';
import path from 'node:path';
import envPaths from 'env-paths';
import { packagePath } from '../runtime/package-path.ts';

/** Folders that the system gives a program of this user. */
const OWN = envPaths('kontur', { suffix: '' });

/** Folder of prepared graphs where none is named, such as `~/.cache/kontur`. */
export const USER_CACHE = OWN.cache;

/** Folder of models that were fetched, where none is named, such as `~/.local/share/kontur/models`. */
export const USER_MODELS = path.join(OWN.data, 'models');

/** What tells a data folder of Kontur from any folder called `data`. */
const MARKS = ['database', 'keys', 'blobs', 'models', 'development-client.json'];

/**
 * The data folder where none is named: `data` in the working folder if Kontur's data is there, or if this is a clone of
 * Kontur; else the user's folder for data of programs, such as `~/.local/share/kontur`. So a server that is started
 * anywhere leaves nothing there.
 */
export function defaultDataDir(workingFolder = process.cwd()): string {
  const here = path.join(workingFolder, 'data');
  const isKept = MARKS.some((mark) => existsSync(path.join(here, mark)));
  return isKept || isClone(workingFolder) ? here : OWN.data;
}

/** Whether a folder is the clone that this very module belongs to. */
function isClone(folder: string): boolean {
  return existsSync(path.join(folder, 'src')) && path.relative(folder, packagePath('.')) === '';
}
