import { describe, expect, it } from 'vitest';
import { deleteHandle, hitHandle, isInside, moveHandle, objectAt } from '../../studio/src/canvas/hit-test.ts';
import type { ObjectPrompt, Outline, PhotoObject } from '../../studio/src/objects/photo-object.ts';

const photo = { width: 1000, height: 500 };
const placing = { viewport: { scale: 2, left: 10, top: 20 }, photo };
const prompt: ObjectPrompt = {
  points: [
    { x: 0.1, y: 0.2, label: 1 },
    { x: 0.103, y: 0.2, label: 0 },
  ],
  boundingBox: { xMin: 0.1, yMin: 0.1, xMax: 0.5, yMax: 0.9 },
};
const onCanvas = (x: number, y: number) => ({ left: 10 + x * 2000, top: 20 + y * 1000 });

describe('handles', () => {
  it.each([
    ['a point', onCanvas(0.098, 0.2), { kind: 'point', index: 0 }],
    ['the newer of two points', onCanvas(0.102, 0.2), { kind: 'point', index: 1 }],
    ['a corner before its edges', onCanvas(0.5, 0.9), { kind: 'box', sides: ['xMax', 'yMax'] }],
    ['an edge', onCanvas(0.3, 0.1), { kind: 'box', sides: ['yMin'] }],
    [
      'an edge from a little outside',
      { left: onCanvas(0.5, 0.5).left + 4, top: 520 },
      { kind: 'box', sides: ['xMax'] },
    ],
    ['the inside of a box', onCanvas(0.3, 0.5), undefined],
    ['the line of an edge beyond its end', onCanvas(0.7, 0.1), undefined],
  ])('%s', (_, at, expected) => expect(hitHandle(prompt, at, placing)).toEqual(expected));

  it('are larger for fingers', () => {
    const at = { left: onCanvas(0.5, 0.1).left + 14, top: onCanvas(0.5, 0.1).top };
    expect(hitHandle(prompt, at, placing)).toBeUndefined();
    expect(hitHandle(prompt, at, { ...placing, finger: true })).toEqual({ kind: 'box', sides: ['xMax', 'yMin'] });
  });

  it('move points, with their label', () => {
    const { prompt: moved } = moveHandle(prompt, { kind: 'point', index: 1 }, { x: 0.6, y: 0.7 });
    expect(moved).toEqual({ ...prompt, points: [prompt.points[0], { x: 0.6, y: 0.7, label: 0 }] });
  });

  it('turn a box inside out when a corner passes the other', () => {
    const held = { kind: 'box', sides: ['xMin', 'yMin'] } as const;
    const once = moveHandle(prompt, held, { x: 0.7, y: 0.95 });
    expect(once.prompt.boundingBox).toEqual({ xMin: 0.5, yMin: 0.9, xMax: 0.7, yMax: 0.95 });
    expect(once.handle).toEqual({ kind: 'box', sides: ['xMax', 'yMax'] });
    const back = moveHandle(once.prompt, once.handle, { x: 0.1, y: 0.1 });
    expect(back.prompt.boundingBox).toEqual(prompt.boundingBox);
  });

  it('never leave a box without area', () => {
    expect(moveHandle(prompt, { kind: 'box', sides: ['xMin'] }, { x: 0.5, y: 0.3 }).prompt).toBe(prompt);
  });

  it('are deleted', () => {
    expect(deleteHandle(prompt, { kind: 'box', sides: ['xMin'] })).toEqual({ points: prompt.points });
    expect(deleteHandle(prompt, { kind: 'point', index: 0 })).toEqual({ ...prompt, points: [prompt.points[1]] });
  });
});

const square = (from: number, to: number) => [
  { x: from, y: from },
  { x: to, y: from },
  { x: to, y: to },
  { x: from, y: to },
];
const outline = (...rings: ReturnType<typeof square>[]): Outline => ({ score: 1, parts: [rings], polygons: rings });

describe('outlines', () => {
  const holed = outline(square(0.1, 0.9), square(0.4, 0.6));
  it.each([
    [0.2, true],
    [0.5, false],
    [0.7, true],
    [0.95, false],
  ])('have an inside without their holes: %s', (place, inside) =>
    expect(isInside(holed, { x: place, y: place })).toBe(inside),
  );

  it('are found from the top, without hidden ones', () => {
    const object = (id: string, found: Outline, more: Partial<PhotoObject> = {}): PhotoObject => ({
      id,
      prompt,
      outlines: [found],
      chosen: 0,
      ...more,
    });
    const objects = [
      object('low', outline(square(0, 1))),
      object('holed', holed),
      object('hidden', outline(square(0, 1)), { hidden: true }),
    ];
    expect(objectAt(objects, { x: 0.2, y: 0.2 })?.id).toBe('holed');
    expect(objectAt(objects, { x: 0.5, y: 0.5 })?.id).toBe('low');
    expect(objectAt(objects, { x: 1.2, y: 0.5 })).toBeUndefined();
  });
});
