import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storedWindow } from '../../src/imaging/stored-window.ts';
import { ORIENTATIONS, storedWith } from './stored-orientation.ts';

describe('storedWindow', () => {
  it.each(ORIENTATIONS)('holds the same pixels as the upright window, with orientation %i', (orientation) => {
    const window = fc.tuple(fc.nat(8), fc.nat(5), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }));
    const [imageWidth, imageHeight] = [12, 8];
    const rgb = Uint8Array.from({ length: imageWidth * imageHeight * 3 }, (_, index) => Math.floor(index / 3));
    const stored = storedWith(orientation, { rgb, width: imageWidth, height: imageHeight });
    fc.assert(
      fc.property(window, ([left, top, width, height]) => {
        const part = { left, top, width, height };
        const inFile = storedWindow(part, { imageWidth, imageHeight }, orientation);
        expect(pixelsOf(stored.rgb, stored.width, inFile)).toEqual(pixelsOf(rgb, imageWidth, part));
      }),
    );
  });

  it('takes an image without an orientation as it is stored', () => {
    const part = { left: 1, top: 2, width: 3, height: 4 };
    expect(storedWindow(part, { imageWidth: 10, imageHeight: 10 })).toEqual(part);
  });
});

/** Values of the pixels in the window, in ascending order. */
function pixelsOf(rgb: Uint8Array, imageWidth: number, { left, top, width, height }: ReturnType<typeof storedWindow>) {
  const values: number[] = [];
  for (let y = top; y < top + height; y++) {
    for (let x = left; x < left + width; x++) values.push(rgb[(y * imageWidth + x) * 3]!);
  }
  return values.sort((a, b) => a - b);
}
