import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const inPath = (name: string): string | undefined =>
  (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .find((file) => existsSync(file));

/**
 * Finds a program that a test runs: the installed one, otherwise Debian's if this user may install packages.
 *
 * @param debianPackage that contains it; default: of the same name
 * @throws Error that says what to install
 */
export function findCommand(name: string, debianPackage: string = name): string {
  const installed = inPath(name);
  if (installed !== undefined) return installed;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    process.stderr.write(`> Installing ${debianPackage} for the tests (apt-get)\n`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const aptGet = (...args: string[]) => spawnSync('apt-get', args, { stdio: 'ignore', timeout: 600_000, env });
    aptGet('update');
    aptGet('install', '-y', '--no-install-recommends', debianPackage);
  }
  const found = inPath(name);
  if (found === undefined) throw new Error(`The tests run ${name}, which is not installed. Install ${debianPackage}.`);
  return found;
}
