import { describe, expect, it } from 'vitest';
import { logitsIou } from '#geometry/logits-iou';
import { seeThroughWindow } from '#geometry/see-through-window';
import { fitToModel } from '#geometry/spaces';
import { disc, type Field, logitsOf } from './synthetic-logits.ts';

const photo = fitToModel(3000, 2000);
/** A field in pixels of the photo, as it is in model pixels of a frame whose top-left pixel is at that place. */
const inFrame =
  (field: Field, frame: typeof photo, { left, top } = { left: 0, top: 0 }): Field =>
  (x, y) =>
    field(left + (x * frame.imageWidth) / frame.modelWidth, top + (y * frame.imageHeight) / frame.modelHeight);

describe('a mask of the whole photo, seen through a window', () => {
  it.each([
    [{ left: 960, top: 640, width: 640, height: 640 }],
    [{ left: 2680, top: 0, width: 320, height: 320 }],
    [{ left: 0, top: 1000, width: 1000, height: 500 }],
  ])('is where the mask of the same thing in the window is: %o', (window) => {
    const frame = fitToModel(window.width, window.height);
    const thing = disc(window.left + window.width / 2, window.top + window.height / 3, window.height / 5);
    const seen = seeThroughWindow(logitsOf(inFrame(thing, photo), photo), photo, window, frame);
    const near = logitsOf(inFrame(thing, frame, window), frame);
    expect(seen.beyond).toBe(0);
    expect(logitsIou(seen.logits, near, frame)).toBeGreaterThan(0.97);
  });

  it('has what lies beyond the window counted in its samples', () => {
    const window = { left: 960, top: 640, width: 640, height: 640 };
    const frame = fitToModel(640, 640);
    // The left half of the disc lies in the window, as does none of what is beyond.
    const thing = disc(1600, 960, 200);
    const { logits, beyond } = seeThroughWindow(logitsOf(inFrame(thing, photo), photo), photo, window, frame);
    const half = (Math.PI * 200 ** 2) / 2 / (640 / 256) ** 2;
    expect(logits.filter((logit) => logit > 0).length / half).toBeCloseTo(1, 1);
    expect(beyond / half).toBeCloseTo(1, 1);
    expect(logitsIou(logits, logits, frame, beyond)).toBeCloseTo(0.5, 1);
  });
});
