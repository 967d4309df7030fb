import { GRID_SIDE, gridPoint, gridToModel, type ModelFrame, validSamples } from '#geometry/spaces';

/**
 * A mask as a function of the place in the image in model pixels: above 0 is inside, like the signed distance to its
 * outline.
 */
export type Field = (x: number, y: number) => number;

export const disc =
  (centreX: number, centreY: number, radius: number): Field =>
  (x, y) =>
    radius - Math.hypot(x - centreX, y - centreY);
export const box =
  (left: number, top: number, right: number, bottom: number): Field =>
  (x, y) =>
    Math.min(x - left, right - x, y - top, bottom - y);
export const union =
  (...fields: Field[]): Field =>
  (x, y) =>
    Math.max(...fields.map((field) => field(x, y)));
export const without =
  (field: Field, ...removed: Field[]): Field =>
  (x, y) =>
    Math.min(field(x, y), ...removed.map((hole) => -hole(x, y)));

/** A smooth random field of the given wavelength or longer, from -1 to 1; `share` of it, roughly, is inside. */
export function smoothField(seed: number, wavelength: number, share = 0.5): Field {
  const random = randomNumbers(seed);
  const waves = Array.from({ length: 8 }, () => {
    const angle = random() * 2 * Math.PI;
    const frequency = ((2 * Math.PI) / wavelength) * (0.3 + 0.7 * random());
    return { x: Math.cos(angle) * frequency, y: Math.sin(angle) * frequency, phase: random() * 2 * Math.PI };
  });
  return (x, y) =>
    waves.reduce((sum, wave) => sum + Math.cos(wave.x * x + wave.y * y + wave.phase), 0) / 8 + (share - 0.5);
}

/**
 * Low-resolution logits of a field: the model's square is sampled where the image is, and holds `padding` elsewhere.
 */
export function logitsOf(field: Field, frame: ModelFrame, padding = -10): Float32Array {
  const columns = validSamples(frame.modelWidth);
  const rows = validSamples(frame.modelHeight);
  const logits = new Float32Array(GRID_SIDE ** 2).fill(padding);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const { x, y } = gridToModel(gridPoint(column, row));
      logits[row * GRID_SIDE + column] = field(x, y);
    }
  }
  return logits;
}

/** The mask of logits at image size: ones where they are above 0. */
export function threshold(logits: Float32Array): Uint8Array {
  const mask = new Uint8Array(logits.length);
  for (let pixel = 0; pixel < mask.length; pixel++) mask[pixel] = Number(logits[pixel]! > 0);
  return mask;
}

/** Numbers from 0 to 1 that depend on the seed alone (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
