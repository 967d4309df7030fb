import { setFlagsFromString } from 'node:v8';

/**
 * Makes V8 collect the whole heap only once it has used most of the room that it reserves. By default it does so as
 * soon as that room is less than what it keeps for young objects, and the logits that the decoder sends count too: with
 * new photos coming in, that is all the time (docs/decisions/0035-collect-garbage-rarely.md).
 *
 * Both flags are percentages of that room, for starting in the background and at once. They apply to the whole process.
 */
export function collectGarbageRarely(): void {
  setFlagsFromString('--incremental-marking-soft-trigger=80');
  setFlagsFromString('--incremental-marking-hard-trigger=90');
}
