import { runScript } from './run-script.ts';

/** Vitest global set-up: builds `dist/` from the sources, for the processes that tests start. */
export default function buildDist(): void {
  runScript('build.mjs');
}
