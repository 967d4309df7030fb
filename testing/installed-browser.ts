import { findBrowser } from './find-browser.ts';

/** Vitest global set-up: gets a Chromium where there is none, once for all files that need one. */
export default function installBrowser(): void {
  const path = findBrowser();
  if (path !== undefined) process.env.BROWSER_PATH = path;
}
