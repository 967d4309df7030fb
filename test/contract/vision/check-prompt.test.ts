import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPrompt, type UncheckedPrompt } from '#contract/vision/check-prompt';

const box = { xMin: 0.1, yMin: 0.2, xMax: 0.5, yMax: 0.6 };
const point = { x: 0.5, y: 0.5 };
const check = (prompt: UncheckedPrompt) => checkPrompt(prompt, 3);

describe('a prompt that is fine', () => {
  it('gets its defaults, and loses what is not its own', () => {
    expect(check({ points: [point] })).toEqual({ points: [{ ...point, label: 1 }] });
    const given = { points: [{ ...point, label: 0, size: 1 }], boundingBox: { ...box, colour: 'red' }, items: [] };
    expect(check(given)).toEqual({ points: [{ ...point, label: 0 }], boundingBox: box });
  });

  it('has no points where the list next to a box is empty', () => {
    expect(check({ points: [], boundingBox: box })).toEqual({ boundingBox: box });
  });

  it('may reach the edges of the image', () => {
    const whole = { xMin: 0, yMin: 0, xMax: 1, yMax: 1 };
    expect(check({ points: [{ x: 0, y: 1, label: 0 }], boundingBox: whole })).toEqual({
      points: [{ x: 0, y: 1, label: 0 }],
      boundingBox: whole,
    });
  });
});

it.each<[UncheckedPrompt, string]>([
  [{}, 'The prompt is empty: give at least one point in points, or a boundingBox.'],
  [{ points: [] }, 'The prompt is empty: give at least one point in points, or a boundingBox.'],
  [{ points: [0, 1, 2, 3].map((n) => ({ x: n / 10, y: 0 })) }, 'points must have at most 3 items, got 4.'],
  [
    { points: [point, { x: 0.5, y: 0.6 }, { ...point, label: 1 }] },
    'points[0] and points[2] are the same; each point may be given once.',
  ],
  [
    {
      points: [
        { x: 0, y: 0 },
        { x: -0, y: 0 },
      ],
    },
    'points[0] and points[1] are the same; each point may be given once.',
  ],
  [
    { points: [{ x: 1.5, y: 0 }] },
    'points[0].x must be from 0 to 1, got 1.5: coordinates are fractions of the image. For a place in pixels, divide by the width of the upright image.',
  ],
  [
    { points: [point, { x: 0, y: Number.NaN }] },
    'points[1].y must be from 0 to 1, got NaN: coordinates are fractions of the image.',
  ],
  [{ points: [{ ...point, label: 2 }] }, 'points[0].label must be 0 (background) or 1 (foreground), got 2.'],
  [{ boundingBox: { ...box, xMax: 0.1 } }, 'boundingBox.xMin must be less than boundingBox.xMax, got 0.1 and 0.1.'],
  [{ boundingBox: { ...box, yMin: 0.7 } }, 'boundingBox.yMin must be less than boundingBox.yMax, got 0.7 and 0.6.'],
  [
    { points: [point], boundingBox: { ...box, yMax: 1.1 } },
    'boundingBox.yMax must be from 0 to 1, got 1.1: coordinates are fractions of the image. For a place in pixels, divide by the height of the upright image.',
  ],
])('%j is refused', (prompt, message) => {
  expect(() => check(prompt)).toThrow(expect.objectContaining({ code: 'invalid-request', message }));
});

it('points at one place with different labels are two points', () => {
  expect(
    check({
      points: [
        { ...point, label: 0 },
        { ...point, label: 1 },
      ],
    }).points,
  ).toHaveLength(2);
});

it('checking twice changes nothing', () => {
  const unit = fc.double({ min: 0, max: 1, noNaN: true });
  const points = fc.array(fc.record({ x: unit, y: unit, label: fc.nat(1) }, { requiredKeys: ['x', 'y'] }), {
    maxLength: 3,
  });
  fc.assert(
    fc.property(points, (given) => {
      fc.pre(new Set(given.map(({ x, y, label = 1 }) => `${x},${y},${label}`)).size === given.length);
      const once = check({ points: given, boundingBox: box });
      expect(check(once)).toEqual(once);
    }),
  );
});
