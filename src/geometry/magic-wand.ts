/** Colours of a picture: red, green, blue and alpha of each pixel, row by row, 0..255. */
export interface ColourPixels {
  data: Uint8ClampedArray | Uint8Array;
  width: number;
  height: number;
}

/**
 * Selects the pixels that are connected with one, side by side, through pixels of about its colour: in none of red,
 * green and blue further from that of the first pixel than the tolerance. Returns a row-major mask of ones and zeros.
 *
 * @param seed pixel to begin with, in whole pixels from the top left
 * @param tolerance 0..255; 0 selects the very same colour
 * @throws RangeError if the seed is not in the picture
 */
export function magicWand(
  { data, width, height }: ColourPixels,
  seed: { x: number; y: number },
  tolerance: number,
): Uint8Array {
  if (!(seed.x >= 0 && seed.y >= 0 && seed.x < width && seed.y < height)) {
    throw new RangeError(`the pixel ${seed.x}, ${seed.y} is not in a picture of ${width} x ${height}`);
  }
  const mask = new Uint8Array(width * height);
  const first = seed.y * width + seed.x;
  const [red = 0, green = 0, blue = 0] = data.subarray(4 * first, 4 * first + 3);
  const differs = (place: number, channel: number, value: number) =>
    Math.abs((data[4 * place + channel] ?? 0) - value) > tolerance;
  const isAlike = (place: number) =>
    mask[place] === 0 && !differs(place, 0, red) && !differs(place, 1, green) && !differs(place, 2, blue);

  // Each entry begins a run of a row that is filled as a whole; runs above and below it follow.
  const waiting = [first];
  for (let start = waiting.pop(); start !== undefined; start = waiting.pop()) {
    if (!isAlike(start)) continue;
    const rowStart = start - (start % width);
    const rowEnd = rowStart + width;
    let from = start;
    while (from > rowStart && isAlike(from - 1)) from--;
    let to = start + 1;
    while (to < rowEnd && isAlike(to)) to++;
    mask.fill(1, from, to);
    for (const row of [-width, width]) {
      if (from + row < 0 || from + row >= mask.length) continue;
      let isInRun = false;
      for (let place = from + row; place < to + row; place++) {
        const isNext = isAlike(place);
        if (isNext && !isInRun) waiting.push(place);
        isInRun = isNext;
      }
    }
  }
  return mask;
}
