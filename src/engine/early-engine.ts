import { type ForkedChild, forkChild } from '../processes/start-child.ts';
import { siblingModule } from '../runtime/sibling-module.ts';

/** What runs in the process of an engine that has only one. */
export const ENGINE_MODULE = siblingModule('engine-child', import.meta.url);

let early: ForkedChild | undefined;

/**
 * Has a process load the engine's code while the program finds out what to do with it: that takes as long as loading the rest of the
 * command line. The next engine in a single process takes it. To be called once, before anything else is loaded.
 */
export function startEarlyEngine(): void {
  early = forkEngine();
}

/** The process that was started early, for who asks first; else one that starts now. */
export function takeEngineProcess(): ForkedChild {
  const taken = early ?? forkEngine();
  early = undefined;
  return taken;
}

/** Ends the process that was started early, where nobody took it. */
export function endEarlyEngine(): void {
  early?.process.kill('SIGKILL');
  early = undefined;
}

const forkEngine = () => forkChild(ENGINE_MODULE, { endsSoon: true });
