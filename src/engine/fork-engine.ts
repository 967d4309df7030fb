import { type ForkedChild, forkChild } from '../processes/start-child.ts';
import { siblingModule } from '../runtime/sibling-module.ts';

/** What runs in the process of an engine that has only one. */
export const ENGINE_ENTRY = siblingModule('engine-child', import.meta.url);

/**
 * Has a process load the engine's code while the caller finds out what to do with it: hand it to `createEngine`, or kill it.
 * That code takes as long to load as the rest of the command line.
 */
export const forkEngine = (): ForkedChild => forkChild(ENGINE_ENTRY, { endsSoon: true });
