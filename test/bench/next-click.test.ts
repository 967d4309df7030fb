import { describe, expect, it } from 'vitest';
import { nextClick } from '../../bench/next-click.ts';

const WIDTH = 12;
const HEIGHT = 8;
const size = { width: WIDTH, height: HEIGHT };

/** Ones in columns `left` to `right - 1` and rows `top` to `bottom - 1`. */
function block(left: number, top: number, right: number, bottom: number): Uint8Array {
  return Uint8Array.from({ length: WIDTH * HEIGHT }, (_, pixel) => {
    const [x, y] = [pixel % WIDTH, Math.floor(pixel / WIDTH)];
    return x >= left && x < right && y >= top && y < bottom ? 1 : 0;
  });
}
const at = (x: number, y: number, label: 0 | 1) => ({ x: (x + 0.5) / WIDTH, y: (y + 0.5) / HEIGHT, label });
const nothing = block(0, 0, 0, 0);

describe('the next click', () => {
  it('goes to the middle of an object that is not found yet', () => {
    expect(nextClick(block(2, 1, 7, 6), nothing, { ...size, earlier: [] })).toEqual(at(4, 3, 1));
  });

  it('takes the border of the image for an edge', () => {
    expect(nextClick(block(0, 0, 5, 5), nothing, { ...size, earlier: [] })).toEqual(at(2, 2, 1));
  });

  it('marks background where the answer is too much', () => {
    expect(nextClick(block(0, 0, 3, 3), block(0, 0, 12, 3), { ...size, earlier: [] })).toMatchObject({ label: 0 });
  });

  it('never goes to a pixel twice, even when nothing is left to correct', () => {
    const truth = block(2, 1, 5, 4);
    const first = nextClick(truth, nothing, { ...size, earlier: [] });
    expect(nextClick(truth, nothing, { ...size, earlier: [first] })).not.toEqual(first);
    const idle = nextClick(truth, truth, { ...size, earlier: [] });
    expect(nextClick(truth, truth, { ...size, earlier: [idle] })).not.toEqual(idle);
  });
});
