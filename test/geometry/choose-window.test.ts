import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BoundingBox, Prompt } from '#contract/vision/prompt';
import { chooseWindow, isLargePhoto, isWindowOf } from '#geometry/choose-window';

const photo = { imageWidth: 4000, imageHeight: 3000 };
const small = { imageWidth: 2047, imageHeight: 1500 };

/** A box on the photo, in its pixels. */
const boxOf = (left: number, top: number, width: number, height: number, { imageWidth, imageHeight } = photo) => ({
  xMin: left / imageWidth,
  yMin: top / imageHeight,
  xMax: (left + width) / imageWidth,
  yMax: (top + height) / imageHeight,
});

describe('chooseWindow', () => {
  it.each<[string, number[], ReturnType<typeof chooseWindow>]>([
    ['a small box in the middle', [2000, 1520, 60, 40], { left: 1920, top: 1440, width: 320, height: 320 }],
    ['a box that a small window holds, but without room', [2000, 1500, 220, 40], at(1920, 1280, 640)],
    ['a larger box', [1500, 1000, 500, 400], at(1280, 640, 1280)],
    ['a box in the top-left corner', [0, 0, 200, 200], at(0, 0, 320)],
    ['a box in the bottom-right corner', [3800, 2800, 200, 200], at(3680, 2680, 320)],
    ['a box that leaves no window of at most a third of the photo room', [1000, 1000, 1000, 500], undefined],
    ['a box of the whole photo', [0, 0, 4000, 3000], undefined],
  ])('for %s', (_, [left, top, width, height], expected) => {
    expect(chooseWindow({ boundingBox: boxOf(left!, top!, width!, height!) }, photo)).toEqual(expected);
  });

  it('sees photos whole that are not large, and any prompt without a box', () => {
    expect(isLargePhoto(small)).toBe(false);
    expect(chooseWindow({ boundingBox: boxOf(900, 700, 60, 60, small) }, small)).toBeUndefined();
    expect(isLargePhoto({ imageWidth: 1500, imageHeight: 2048 })).toBe(true);
    expect(chooseWindow({ points: [{ x: 0.5, y: 0.5, label: 1 }] }, photo)).toBeUndefined();
  });

  it('takes a longer window for a point outside, and the whole photo where none is long enough', () => {
    const boundingBox = boxOf(2000, 1500, 60, 40);
    const withPoint = (x: number) =>
      chooseWindow({ boundingBox, points: [{ x: x / 4000, y: 1520 / 3000, label: 0 }] }, photo);
    expect(withPoint(2100)?.width).toBe(320);
    expect(withPoint(2400)?.width).toBe(640);
    expect(withPoint(2800)?.width).toBe(1280);
    expect(withPoint(3600)).toBeUndefined();
  });

  it('is cut off where the photo is slimmer than the window', () => {
    const strip = { imageWidth: 9000, imageHeight: 500 };
    expect(chooseWindow({ boundingBox: boxOf(4000, 0, 300, 500, strip) }, strip)).toEqual({
      left: 3840,
      top: 0,
      width: 640,
      height: 500,
    });
  });
});

function at(left: number, top: number, side: number) {
  return { left, top, width: side, height: side };
}

const size = fc.record({
  imageWidth: fc.integer({ min: 1000, max: 12_000 }),
  imageHeight: fc.integer({ min: 1000, max: 12_000 }),
});
const coordinate = fc.double({ min: 0, max: 1, noNaN: true });
const range = fc
  .tuple(coordinate, fc.double({ min: 1e-6, max: 0.3, noNaN: true }))
  .map(([low, length]) => [Math.min(low, 1 - length), Math.min(low, 1 - length) + length] as const);
const anyBox = fc
  .tuple(range, range)
  .map(
    ([[xMin, xMax], [yMin, yMax]]): BoundingBox => ({ xMin, yMin, xMax: Math.min(1, xMax), yMax: Math.min(1, yMax) }),
  );
const anyPrompt: fc.Arbitrary<Prompt> = fc.record(
  {
    boundingBox: anyBox,
    points: fc.array(fc.record({ x: coordinate, y: coordinate, label: fc.constantFrom(0, 1) }), { maxLength: 2 }),
  },
  { requiredKeys: ['boundingBox'] },
);

describe('any window', () => {
  it('lies in the photo, is at most a third as long, and holds the prompt with room around its box', () => {
    fc.assert(
      fc.property(anyPrompt, size, (prompt, image) => {
        const window = chooseWindow(prompt, image);
        if (!window) return;
        const { imageWidth, imageHeight } = image;
        const { left, top, width, height } = window;
        expect(Object.values(window).every(Number.isInteger)).toBe(true);
        expect(left >= 0 && top >= 0 && left + width <= imageWidth && top + height <= imageHeight).toBe(true);
        expect(Math.max(width, height)).toBeLessThanOrEqual(Math.max(imageWidth, imageHeight) / 3);

        const { xMin, yMin, xMax, yMax } = prompt.boundingBox!;
        const room = Math.max((xMax - xMin) * imageWidth, (yMax - yMin) * imageHeight) / 4 - 1e-6;
        if (left > 0) expect(xMin * imageWidth - left).toBeGreaterThanOrEqual(room);
        if (top > 0) expect(yMin * imageHeight - top).toBeGreaterThanOrEqual(room);
        if (left + width < imageWidth) expect(left + width - xMax * imageWidth).toBeGreaterThanOrEqual(room);
        if (top + height < imageHeight) expect(top + height - yMax * imageHeight).toBeGreaterThanOrEqual(room);
        for (const { x, y } of prompt.points ?? []) {
          expect(x * imageWidth >= left && x * imageWidth <= left + width).toBe(true);
          expect(y * imageHeight >= top && y * imageHeight <= top + height).toBe(true);
        }
      }),
    );
  });

  it('is there for every box that it is long enough for: half a side, and the room twice', () => {
    fc.assert(
      fc.property(anyBox, size, (boundingBox, image) => {
        const { imageWidth, imageHeight } = image;
        const longer = Math.max(imageWidth, imageHeight);
        const { xMin, yMin, xMax, yMax } = boundingBox;
        const boxSide = Math.max((xMax - xMin) * imageWidth, (yMax - yMin) * imageHeight);
        const window = chooseWindow({ boundingBox }, image);
        if (longer < 2048) expect(window).toBeUndefined();
        else if (1.5 * boxSide <= 160 - 1e-6) expect(window).toMatchObject({ width: 320, height: 320 });
        else if (1.5 * boxSide <= longer / 12 - 1e-6) expect(window).toBeDefined();
      }),
    );
  });
});

describe('isWindowOf', () => {
  it('holds for every window that is chosen', () => {
    const side = fc.integer({ min: 200, max: 9000 });
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(side, side, share, share, share, (imageWidth, imageHeight, x, y, length) => {
        const size = { imageWidth, imageHeight };
        const boundingBox = {
          xMin: x * (1 - length / 8),
          yMin: y * (1 - length / 8),
          xMax: x * (1 - length / 8) + length / 8,
          yMax: y * (1 - length / 8) + length / 8,
        };
        const window = chooseWindow({ boundingBox }, size);
        return window === undefined || isWindowOf(window, size);
      }),
    );
  });

  it.each([
    [{ left: 160, top: 320, width: 320, height: 320 }, photo, true],
    [{ left: 3680, top: 2680, width: 320, height: 320 }, photo, true],
    [{ left: 161, top: 320, width: 320, height: 320 }, photo, false],
    [{ left: 160, top: 320, width: 320, height: 300 }, photo, false],
    [{ left: 3840, top: 0, width: 320, height: 320 }, photo, false],
    [{ left: 0, top: 0, width: 2560, height: 2560 }, photo, false],
    [{ left: 0, top: 0, width: 320, height: 320 }, small, false],
  ])('for %j in %j: %s', (window, size, expected) => {
    expect(isWindowOf(window, size)).toBe(expected);
  });
});
