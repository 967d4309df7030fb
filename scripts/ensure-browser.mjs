import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { step } from './ensure-ready.mjs';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

/**
 * Finds a Chromium for the browser tests: the one installed, else Debian's if this user may install packages, else
 * Playwright's own download. Returns its path, or undefined with the reason printed.
 */
export async function ensureBrowser() {
  return process.env.BROWSER_PATH ?? installed() ?? fromDebian() ?? (await fromPlaywright());
}

function installed() {
  return INSTALLED.find((file) => existsSync(file));
}

function fromDebian() {
  const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (!mayInstall) return undefined;
  step('Installing Chromium for the browser tests (apt-get)');
  const options = { stdio: 'ignore', timeout: 600_000, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  spawnSync('apt-get', ['update'], options);
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], options);
  return installed();
}

async function fromPlaywright() {
  const { chromium } = await import('playwright-core');
  if (existsSync(chromium.executablePath())) return chromium.executablePath();
  step('Downloading a Chromium for the browser tests (playwright-core install chromium)');
  spawnSync(process.execPath, ['node_modules/playwright-core/cli.js', 'install', 'chromium'], {
    stdio: 'ignore',
    timeout: 600_000,
  });
  if (existsSync(chromium.executablePath())) return chromium.executablePath();
  step('No browser could be had, so the browser tests are skipped. Install Chromium, or name one in BROWSER_PATH.');
  return undefined;
}
