import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import guard from '../bin/guard.cjs';
import { writeAssets } from './write-assets.mjs';

// Only what Node itself brings is imported here: this runs on a fresh clone, before any package is installed.

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Installs the packages and builds dist/, each only if it is missing or older than what it is made from. */
export function ensureReady() {
  requireNode();
  ensureInstalled();
  ensureBuilt();
}

export function requireNode() {
  const problem = guard.nodeProblem();
  if (problem !== undefined) fail(problem);
}

/** Installs the packages that a folder of the project locks, if they are missing or older than the lock file. */
export function ensureInstalled(folder = '.') {
  if (readIfThere(installStamp(folder)) === installInputs(folder)) return;
  step(`Installing packages (npm ci${folder === '.' ? '' : ` in ${folder}`})`);
  run('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'], { cwd: path.join(root, folder) });
  markInstalled(folder);
}

/** Has the packages of a folder count as installed as its lock file says. */
export function markInstalled(folder = '.') {
  writeFileSync(installStamp(folder), installInputs(folder));
}

const installStamp = (folder) => path.join(root, folder, 'node_modules', '.kontur-installed');
const installInputs = (folder) => hashFiles([path.join(folder, 'package-lock.json'), '.npmrc']);

/** Builds dist/ from src/, and its assets, if any source has changed since. Types are checked by `npm test`. */
export function ensureBuilt() {
  const inputs = guard.hashInputs();
  if (readIfThere(guard.stamp) !== inputs) {
    step('Building dist/');
    run(process.execPath, [path.join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json']);
    writeAssets(root);
    run(process.execPath, [path.join('scripts', 'build-studio.mjs')]);
  }
  // Its time says that no source is newer.
  writeFileSync(guard.stamp, inputs);
}

/** Runs a program in the project folder with its output shown; ends this process with its exit code if it fails. */
export function run(program, args, options = {}) {
  const result = spawnSync(program, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    ...options,
  });
  if (result.error) fail(`${program} could not be started: ${result.error.message}`);
  if (result.status !== 0) process.exit(result.status ?? 1);
}

export function step(text) {
  process.stderr.write(`> ${text}\n`);
}

function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

function readIfThere(file) {
  return existsSync(file) && statSync(file).isFile() ? readFileSync(file, 'utf8') : undefined;
}

function hashFiles(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\n`).update(readFileSync(path.join(root, file)));
  return hash.digest('hex');
}
