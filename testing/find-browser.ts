import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium } from 'playwright-core';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

/**
 * Finds a Chromium for the browser tests: the one that `BROWSER_PATH` names, otherwise the installed one, otherwise
 * Debian's if this user may install packages, otherwise Playwright's download.
 *
 * @returns its path, or undefined with the reason printed
 */
export function findBrowser(): string | undefined {
  return process.env.BROWSER_PATH ?? installed() ?? fromDebian() ?? fromPlaywright();
}

/**
 * Finds a Firefox for the browser tests: the one that `FIREFOX_PATH` names, otherwise the installed one, otherwise
 * Debian's if this user may install packages.
 */
export function findFirefox(): string | undefined {
  const { FIREFOX_PATH } = process.env;
  const firefox = () => ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find((file) => existsSync(file));
  return FIREFOX_PATH ?? firefox() ?? (installFromDebian('firefox-esr') ? firefox() : undefined);
}

function installed(): string | undefined {
  return INSTALLED.find((file) => existsSync(file));
}

function fromDebian(): string | undefined {
  return installFromDebian('chromium', 'fonts-dejavu-core') ? installed() : undefined;
}

/** Installs packages of Debian. Returns whether this user may do so. */
function installFromDebian(...packages: string[]): boolean {
  const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (!mayInstall) return false;
  say(`Installing ${packages[0]} for the browser tests (apt-get)`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const aptGet = (...args: string[]) => spawnSync('apt-get', args, { stdio: 'ignore', timeout: 600_000, env });
  aptGet('update');
  aptGet('install', '-y', '--no-install-recommends', ...packages);
  return true;
}

function fromPlaywright(): string | undefined {
  if (existsSync(chromium.executablePath())) return chromium.executablePath();
  say('Downloading a Chromium for the browser tests (playwright-core install chromium)');
  const folder = path.dirname(createRequire(import.meta.url).resolve('playwright-core/package.json'));
  const options = { stdio: 'ignore', timeout: 600_000 } as const;
  spawnSync(process.execPath, [path.join(folder, 'cli.js'), 'install', 'chromium'], options);
  if (existsSync(chromium.executablePath())) return chromium.executablePath();
  say('No browser could be had, so the browser tests are skipped. Install Chromium, or name one in BROWSER_PATH.');
  return undefined;
}

function say(text: string): void {
  process.stderr.write(`> ${text}\n`);
}
