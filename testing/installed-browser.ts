import { findBrowser, findFirefox } from './find-browser.ts';

/** Vitest global set-up: gets Chromium and Firefox where they are missing, once for all files that need them. */
export default function installBrowsers(): void {
  const chromium = findBrowser();
  if (chromium !== undefined) process.env.BROWSER_PATH = chromium;
  const firefox = findFirefox();
  if (firefox !== undefined) process.env.FIREFOX_PATH = firefox;
}
