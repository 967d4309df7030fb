import { runScript } from './run-script.ts';

/** Vitest global set-up: `dist/` is what the sources say, for the processes that tests start. */
export default function buildDist(): void {
  runScript('build.mjs');
}
