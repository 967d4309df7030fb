import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 look through the whole heap only once it has used most of the room that it gives itself. Left alone it does so as soon as that room
 * is less than what it keeps for young objects. A server's heap of 40 MB may grow to 64, and the logits that the decoder sends count too:
 * with new photos coming in it was looked through every 1.2 s, which took 40 ms each time (docs/engine.md, "A job around the engine").
 *
 * Both are percentages of that room, for starting in the background and at once. They hold for the whole process.
 */
export function collectGarbageRarely(): void {
  setFlagsFromString('--incremental-marking-soft-trigger=80');
  setFlagsFromString('--incremental-marking-hard-trigger=90');
}
