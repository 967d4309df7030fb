import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { root } from '../../testing/server-process.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'kontur-npm-ci-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What npm warns of when it is to install what the lock file says; it installs nothing, and asks nobody. */
async function warnings(): Promise<string[]> {
  const flags = [
    '--dry-run',
    '--loglevel=warn',
    '--registry=http://127.0.0.1:1/',
    '--cache',
    path.join(folder, 'cache'),
  ];
  const { stdout, stderr } = await promisify(execFile)('npm', ['ci', ...flags], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder },
    shell: process.platform === 'win32',
  });
  return `${stdout}${stderr}`.split('\n').filter((line) => line.startsWith('npm warn'));
}

it('npm ci warns of nothing, the version of Node included', async () => {
  for (const name of ['package.json', 'package-lock.json', '.npmrc'])
    copyFileSync(path.join(root, name), path.join(folder, name));
  expect(await warnings()).toEqual([]);

  const lock = readFileSync(path.join(root, 'package-lock.json'), 'utf8');
  const refusing = JSON.parse(lock);
  refusing.packages['node_modules/pg-boss'].engines.node = '<1';
  writeFileSync(path.join(folder, 'package-lock.json'), JSON.stringify(refusing));
  expect((await warnings()).join('\n')).toContain("package: 'pg-boss@");
});

it('runs no script of a package: npm looks for one only where the lock file says so', () => {
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const scripted = Object.keys(packages).filter((name) => packages[name].hasInstallScript);
  // node scripts/tidy-lock.mjs takes these out after a package was added.
  expect(scripted).toEqual([]);
});
