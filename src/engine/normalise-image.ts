import type { ModelImage } from '../imaging/load-model-image.ts';
import type { InputSize } from '../models/aspect-buckets.ts';
import type { Preprocessing } from '../models/catalogue.ts';
import type { FloatTensor } from '../models/open-session.ts';

/**
 * Converts RGB pixels to the planes `[1, 3, height, width]` of an encoder's input: the image top-left, each channel as
 * `(value - mean) / deviation`, zeros in the padding. They are written to the start of `memory`, which is reused for
 * every image to avoid a large allocation.
 */
export function normaliseImage(
  image: ModelImage,
  { mean, deviation }: Preprocessing,
  { width, height }: InputSize,
  memory: Float32Array,
): FloatTensor {
  const { rgb, modelWidth, modelHeight } = image;
  const size = width * height;
  const planes = memory.subarray(0, 3 * size);
  // 256 possible values per channel: lookup tables save three million divisions.
  const [red, green, blue] = [0, 1, 2].map((channel) =>
    Float32Array.from({ length: 256 }, (_, value) => (value - mean[channel]!) / deviation[channel]!),
  ) as [Float32Array, Float32Array, Float32Array];
  let from = 0;
  for (let y = 0; y < modelHeight; y++) {
    const end = y * width + modelWidth;
    for (let to = y * width; to < end; to++, from += 3) {
      planes[to] = red[rgb[from]!]!;
      planes[to + size] = green[rgb[from + 1]!]!;
      planes[to + 2 * size] = blue[rgb[from + 2]!]!;
    }
    for (let plane = 0; plane < 3 * size; plane += size) planes.fill(0, plane + end, plane + (y + 1) * width);
  }
  for (let plane = 0; plane < 3 * size; plane += size) planes.fill(0, plane + modelHeight * width, plane + size);
  return { data: planes, dims: [1, 3, height, width] };
}
