import { type ForkedChild, forkChild } from '../processes/start-child.ts';
import { siblingModule } from '../runtime/sibling-module.ts';

/** Module that runs in the only child process of a single-process engine. */
export const ENGINE_MODULE = siblingModule('engine-child', import.meta.url);

let early: ForkedChild | undefined;

/**
 * Starts a process that loads the engine's code while the program parses its command line, which takes as long. The
 * next engine in a single process uses it. Call once, before anything else is loaded.
 */
export function startEarlyEngine(): void {
  early = forkEngine();
}

/** Returns the process that was started early to the first caller; else starts one. */
export function takeEngineProcess(): ForkedChild {
  const taken = early ?? forkEngine();
  early = undefined;
  return taken;
}

/** Ends the process that was started early, if it was never used. */
export function endEarlyEngine(): void {
  early?.process.kill('SIGKILL');
  early = undefined;
}

const forkEngine = () => forkChild(ENGINE_MODULE, { endsSoon: true });
