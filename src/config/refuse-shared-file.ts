import { statSync } from 'node:fs';

/** Bit of the mode of a file that lets everyone on the machine write to it. */
const WRITABLE_BY_ALL = 0o002;

/**
 * Adds a problem if everyone on the machine may write to a file that says who may do what. Windows keeps no such bit.
 */
export function refuseSharedFile(file: string, problems: string[]): void {
  if (process.platform === 'win32') return;
  const { mode } = statSync(file);
  if ((mode & WRITABLE_BY_ALL) === 0) return;
  problems.push(
    `Every user of this machine may write to ${file}, and so decide who may do what. Take that right away: chmod o-w ${file}`,
  );
}
