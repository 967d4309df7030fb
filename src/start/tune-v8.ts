import { setFlagsFromString } from 'node:v8';

/**
 * V8's settings for a server. They hold for the whole process.
 *
 * Garbage: V8 looks through the whole heap only once it has used most of the room that it gives itself. Left alone it does so as soon as that
 * room is less than what it keeps for young objects. A server's heap of 40 MB may grow to 64, and the logits that the decoder sends count too:
 * with new photos coming in it was looked through every 1.2 s, which took 40 ms each time (docs/engine.md, "A job around the engine").
 *
 * PGlite: a function of its WebAssembly has to run for longer before V8 optimises it. With the limit of Node 20, 1.8 million, a second of
 * processor time goes into that at each start, and prompts meanwhile take longer; 13 million is V8's own limit in Node 22.
 */
export function tuneV8(): void {
  // Percentages of that room: for starting in the background, and at once.
  setFlagsFromString('--incremental-marking-soft-trigger=80');
  setFlagsFromString('--incremental-marking-hard-trigger=90');
  setFlagsFromString('--wasm-tiering-budget=13000000');
}
