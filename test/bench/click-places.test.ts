import { describe, expect, it } from 'vitest';
import { placeClicks } from '../../bench/click-places.ts';
import { seededBy } from '../../bench/seeded.ts';

const WIDTH = 40;
const HEIGHT = 30;
/** A square of 21 pixels with a tail of one pixel's height. */
const truth = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, pixel) => {
  const [x, y] = [pixel % WIDTH, Math.floor(pixel / WIDTH)];
  return (x >= 5 && x < 26 && y >= 4 && y < 25) || (y === 14 && x >= 5) ? 1 : 0;
});

describe('the places of first clicks', () => {
  it('are the middle, the inner part and all of the object', () => {
    const placed = Array.from({ length: 200 }, (_, index) => placeClicks(truth, WIDTH, seededBy(`${index}`)));
    for (const { middle, inside, anywhere } of placed) {
      expect(middle).toEqual({ x: 15.5 / WIDTH, y: 14.5 / HEIGHT, label: 1 });
      expect(Math.max(Math.abs(inside.x * WIDTH - 15.5), Math.abs(inside.y * HEIGHT - 14.5))).toBeLessThanOrEqual(6);
      expect(truth[Math.floor(anywhere.y * HEIGHT) * WIDTH + Math.floor(anywhere.x * WIDTH)]).toBe(1);
    }
    expect(placed.some(({ anywhere }) => anywhere.x * WIDTH > 26)).toBe(true);
    expect(new Set(placed.map(({ inside }) => `${inside.x} ${inside.y}`)).size).toBeGreaterThan(50);
  });

  it('are the same for the same object', () => {
    expect(placeClicks(truth, WIDTH, seededBy('a'))).toEqual(placeClicks(truth, WIDTH, seededBy('a')));
  });
});
