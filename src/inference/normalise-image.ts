import { MODEL_SIDE } from '../geometry/spaces.ts';
import type { ModelImage } from '../imaging/load-model-image.ts';
import type { Preprocessing } from '../models/catalogue.ts';

const PLANE = MODEL_SIDE * MODEL_SIDE;

/** Shape of the encoder's input: red, green and blue planes of the square. */
export const ENCODER_INPUT_SHAPE = [1, 3, MODEL_SIDE, MODEL_SIDE] as const;

/**
 * Fills `planes` (`[1, 3, 1024, 1024]`) with the image, top-left, each channel as `(value - mean) / deviation`; the rest of
 * the square is zero. `planes` is used again for every image, so that 12 MB are not allocated each time.
 */
export function normaliseImage(image: ModelImage, { mean, deviation }: Preprocessing, planes: Float32Array): void {
  const { rgb, modelWidth, modelHeight } = image;
  planes.fill(0);
  for (let channel = 0; channel < 3; channel++) {
    // 256 possible values a channel: a table spares three million divisions.
    const normalised = Float32Array.from({ length: 256 }, (_, value) => (value - mean[channel]!) / deviation[channel]!);
    for (let y = 0; y < modelHeight; y++) {
      let to = channel * PLANE + y * MODEL_SIDE;
      let from = y * modelWidth * 3 + channel;
      for (let x = 0; x < modelWidth; x++, to++, from += 3) planes[to] = normalised[rgb[from]!]!;
    }
  }
}
