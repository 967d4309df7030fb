import { describe, expect, it } from 'vitest';
import { createCorrection } from '../../studio/src/correct/create-correction.ts';
import { type Outline, outlineOf } from '../../studio/src/objects/photo-object.ts';
import { activeObject } from '../../studio/src/objects/photo-objects.ts';
import { createPhotoStore } from '../../studio/src/photo/create-photo-store.ts';
import type { Preview } from '../../studio/src/preview/preview.ts';
import { takeObject } from '../../studio/src/take-away/taken-object.ts';

const SIZE = { width: 200, height: 100 };
const SQUARE = [
  { x: 0.2, y: 0.2 },
  { x: 0.6, y: 0.2 },
  { x: 0.6, y: 0.8 },
  { x: 0.2, y: 0.8 },
];
const ANSWER: Outline = { score: 0.9, parts: [[SQUARE]], polygons: [SQUARE] };
const OTHER: Outline = { score: 0.5, parts: [[SQUARE.slice(0, 3)]], polygons: [SQUARE.slice(0, 3)] };

/** An opened photo with one object that the preview has answered. */
async function open() {
  const asked: unknown[] = [];
  const preview: Preview = {
    ask: async (_, prompt) => {
      asked.push(prompt);
      return { outlines: [ANSWER, OTHER], place: 'server', ms: 1 };
    },
  };
  const store = createPhotoStore({ fileId: 1, preview });
  const correction = createCorrection(store);
  correction.open({ size: SIZE, pictures: () => ({ picture: undefined, original: undefined }) });
  store.actions.addPoint({ x: 0.4, y: 0.5, label: 1 });
  const active = () => activeObject(store.getState().history.present);
  await expect.poll(() => active()?.answered).toBe(true);
  const parts = () => {
    const object = active();
    return object && outlineOf(object)?.parts;
  };
  const settled = () => expect.poll(() => correction.getState().isBusy).toBe(false);
  correction.begin();
  return { store, correction, active, parts, settled, asked };
}

describe('a correction', () => {
  it('is a step of the history, marks the object, and is not saved', async () => {
    const { store, correction, active, parts, settled } = await open();
    store.actions.note(active()!, { jobId: 7 });
    correction.put([[SQUARE.with(0, { x: 0.1, y: 0.1 })]]);
    await settled();
    expect(active()).toMatchObject({ byHand: true, chosen: 0, jobId: undefined, answered: true });
    expect(active()?.outlines).toHaveLength(1);
    // What every format of an export is written from.
    expect(takeObject(active()!)?.outline.parts).toBe(parts());
    expect(parts()?.[0]?.[0]?.[0]).toEqual({ x: 0.1, y: 0.1 });
    // The job that was posted before it ends well: that is not the correction.
    store.actions.note(active()!, { jobId: 8, finished: true });
    expect(active()).toMatchObject({ jobId: undefined, finished: true });
    store.actions.undo();
    expect(active()).toMatchObject({ jobId: 8, outlines: [ANSWER, OTHER] });
    expect(active()?.byHand).toBeUndefined();
    store.actions.redo();
    expect(active()?.byHand).toBe(true);
  });

  it('is joined where a vertex is moved by keys, and takes crossing lines apart', async () => {
    const { store, correction, parts, settled } = await open();
    const steps = store.getState().history.past.length;
    correction.put([[SQUARE.with(0, { x: 0.1, y: 0.1 })]]);
    correction.put([[SQUARE.with(0, { x: 0.1, y: 0.05 })]], { joins: true });
    await settled();
    await expect.poll(() => parts()?.[0]?.[0]?.[0]?.y).toBe(0.05);
    expect(store.getState().history.past).toHaveLength(steps + 1);
    correction.put([[[SQUARE[0]!, SQUARE[2]!, SQUARE[1]!, SQUARE[3]!]]]);
    await settled();
    await expect.poll(() => parts()?.length).toBe(2);
  });

  it('stays when a click would replace it, which the next object takes away', async () => {
    const { store, correction, active, parts, settled, asked } = await open();
    correction.replaceBy('circle');
    await settled();
    const corrected = parts();
    const questions = asked.length;
    store.actions.addPoint({ x: 0.5, y: 0.5, label: 0 });
    store.actions.setBox({ xMin: 0, yMin: 0, xMax: 1, yMax: 1 });
    expect(parts()).toBe(corrected);
    expect(asked).toHaveLength(questions);
    expect(store.getState().handKept).toBe(active()?.id);
    store.actions.finish();
    expect(store.getState().handKept).toBeUndefined();
    store.actions.addPoint({ x: 0.5, y: 0.5, label: 1 });
    expect(store.getState().history.present.objects).toHaveLength(2);
  });

  it('leaves locked objects, and deletes one of which nothing is left', async () => {
    const { store, correction, active, parts, settled } = await open();
    const { id } = active()!;
    store.actions.change(id, { locked: true });
    correction.fillHoles();
    correction.replaceBy('rectangle');
    await settled();
    expect(parts()).toBe(ANSWER.parts);
    expect(correction.corrected()).toBeUndefined();
    store.actions.change(id, { locked: false });
    correction.setRadius(20);
    correction.paint(
      [
        { x: 0, y: 0.5 },
        { x: 1, y: 0.5 },
      ],
      { erases: true },
    );
    await settled();
    await expect.poll(() => parts()?.length).toBe(2);
    for (const y of [0.1, 0.3, 0.7, 0.9])
      correction.paint(
        [
          { x: 0, y },
          { x: 1, y },
        ],
        { erases: true },
      );
    await expect.poll(() => store.getState().history.present.objects).toEqual([]);
    store.actions.undo();
    expect(store.getState().history.present.objects).toHaveLength(1);
  });

  it('simplifies from what was there first, and goes back to it', async () => {
    const { correction, parts, settled } = await open();
    correction.replaceBy('circle');
    await settled();
    await expect.poll(() => parts()?.[0]?.[0]?.length).toBeGreaterThan(20);
    const all = parts()![0]![0]!;
    correction.simplify(3, { counts: false });
    expect(parts()![0]![0]).toBe(all);
    expect(correction.getState().draft?.parts[0]?.[0]?.length).toBeLessThan(all.length);
    correction.simplify(3, { counts: true });
    expect(parts()![0]![0]!.length).toBeLessThan(all.length);
    expect(correction.detail().tolerancePx).toBe(3);
    correction.simplify(0, { counts: true });
    expect(parts()![0]![0]).toEqual(all);
  });

  it('keeps sizes within the photo, and goes back to the tool before', async () => {
    const { store, correction } = await open();
    correction.setTool('brush');
    for (let press = 0; press < 40; press++) correction.grow(1);
    expect(correction.getState().radius).toBe(20);
    for (let press = 0; press < 60; press++) correction.grow(-1);
    expect(correction.getState().radius).toBe(0.5);
    correction.leave();
    expect(store.getState().tool).toBe('point');
    store.actions.setTool('box');
    correction.begin();
    correction.leave();
    expect(store.getState().tool).toBe('box');
  });
});
