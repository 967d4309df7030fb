import type { Unit } from '../../testing/studio/open-studio.ts';

/** Steps of Roberts' sequence: no two of its places are the same, and any run of them covers the photo evenly. */
const STEP = { x: 0.7548776662466927, y: 0.5698402909980532 };
let count = 0;

/** A place on the photo, not near its border, where nobody has pointed before. */
export function newPlace(): Unit {
  count++;
  return { x: 0.1 + 0.8 * ((count * STEP.x) % 1), y: 0.1 + 0.8 * ((count * STEP.y) % 1) };
}
