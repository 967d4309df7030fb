/** Raw RGB pixels, row by row. */
export interface RawImage {
  rgb: Uint8Array;
  width: number;
  height: number;
}

export const ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8] as const;
export type Orientation = (typeof ORIENTATIONS)[number];

/**
 * The upright image as a camera would store it with the given EXIF orientation.
 * Source: CIPA DC-008 (Exif 2.32), tag 274: which side of the upright image the stored row 0 and column 0 are.
 */
export function storedWith(orientation: Orientation, { rgb, width, height }: RawImage): RawImage {
  const swapped = orientation >= 5;
  const stored = { rgb: new Uint8Array(rgb.length), width: swapped ? height : width, height: swapped ? width : height };
  for (let row = 0; row < stored.height; row++) {
    for (let column = 0; column < stored.width; column++) {
      const [x, y] = uprightPlace(orientation, row, column, width, height);
      const from = (y * width + x) * 3;
      stored.rgb.set(rgb.subarray(from, from + 3), (row * stored.width + column) * 3);
    }
  }
  return stored;
}

function uprightPlace(orientation: Orientation, row: number, column: number, width: number, height: number) {
  const right = width - 1;
  const bottom = height - 1;
  const places: Record<Orientation, [x: number, y: number]> = {
    1: [column, row],
    2: [right - column, row],
    3: [right - column, bottom - row],
    4: [column, bottom - row],
    5: [row, column],
    6: [right - row, column],
    7: [right - row, bottom - column],
    8: [row, bottom - column],
  };
  return places[orientation];
}
