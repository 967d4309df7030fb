import { type ForkedChild, forkChild } from './start-child.ts';

/** What runs in the encoder's process. */
export const ENCODER_ENTRY = new URL('../../dist/inference/encoder-child.js', import.meta.url);

/**
 * Has a process load the encoder's code while the caller finds out what to do with it: hand it to `createInference`, or kill it.
 * That code takes as long to load as the rest of the command line.
 */
export const forkEncoder = (): ForkedChild => forkChild(ENCODER_ENTRY);
