import { describe, expect, it, vi } from 'vitest';
import { ApiError } from '../../studio/src/api/api-error.ts';
import type { ObjectPrompt, Outline } from '../../studio/src/objects/photo-object.ts';
import { activeObject } from '../../studio/src/objects/photo-objects.ts';
import { createPhotoStore, type PhotoStore } from '../../studio/src/photo/create-photo-store.ts';
import type { Preview, PreviewAnswer } from '../../studio/src/preview/preview.ts';

/** A square around the last point of a prompt, so that each prompt has its own outline. */
function squareFor({ points, boundingBox }: ObjectPrompt, score = 0.9): Outline {
  const { x, y } = points.at(-1) ?? { x: boundingBox?.xMin ?? 0, y: boundingBox?.yMin ?? 0 };
  const ring = [
    { x, y },
    { x: x + 0.1, y },
    { x: x + 0.1, y: y + 0.1 },
    { x, y: y + 0.1 },
  ];
  return { score, parts: [[ring]], polygons: [ring] };
}

/** A preview in memory whose questions the test answers, in the order in which it wants. */
function createHeldPreview() {
  const open: { prompt: ObjectPrompt; answer(outlines?: Outline[]): void; refuse(error: Error): void }[] = [];
  const asked: ObjectPrompt[] = [];
  const preview: Preview = {
    ask(_fileId, prompt, signal) {
      asked.push(prompt);
      return new Promise<PreviewAnswer>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        open.push({
          prompt,
          answer: (outlines = [squareFor(prompt), squareFor(prompt, 0.5)]) =>
            resolve({ outlines, place: 'server', ms: 5 }),
          refuse: reject,
        });
      });
    },
  };
  return {
    preview,
    asked,
    /** The question under way, once it is asked. */
    async question() {
      await vi.waitFor(() => expect(open).not.toHaveLength(0));
      return open.shift()!;
    },
    get openCount() {
      return open.length;
    },
  };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

const at = (x: number, y = 0.5) => ({ x, y, label: 1 as const });
const present = (store: PhotoStore) => store.getState().history.present;
const active = (store: PhotoStore) => activeObject(present(store));

function open() {
  const held = createHeldPreview();
  return { held, store: createPhotoStore({ fileId: 1, preview: held.preview }) };
}

/** Marks one point and ends the object. */
async function mark({ held, store }: ReturnType<typeof open>, x: number) {
  store.actions.addPoint(at(x));
  (await held.question()).answer();
  await settled();
  const { id } = active(store)!;
  store.actions.finish();
  return id;
}

async function refusal(status: number, headers: Record<string, string> = {}) {
  return ApiError.of(new Response(JSON.stringify({ error: { message: 'no' } }), { status, headers }));
}

describe('asking', () => {
  it('asks one question at a time, and then for the newest prompt', async () => {
    const { held, store } = open();
    for (const x of [0.1, 0.2, 0.3]) store.actions.addPoint(at(x));
    (await held.question()).answer();
    const last = await held.question();
    expect(last.prompt.points).toHaveLength(3);
    expect(store.getState().asking).toBe(true);
    last.answer();
    await settled();
    expect(store.getState().asking).toBe(false);
    expect(active(store)?.outlines[0]).toEqual(squareFor(last.prompt));
    expect(held.openCount).toBe(0);
  });

  it('puts an answer that comes after undo into the step that it belongs to', async () => {
    const { held, store } = open();
    store.actions.addPoint(at(0.1));
    (await held.question()).answer();
    await settled();
    store.actions.addPoint(at(0.2));
    const late = await held.question();
    store.actions.undo();
    expect(store.getState().asking).toBe(false);
    late.answer();
    await settled();
    expect(active(store)?.outlines[0]).toEqual(squareFor({ points: [at(0.1)] }));
    store.actions.redo();
    expect(active(store)?.outlines[0]).toEqual(squareFor({ points: [at(0.2)] }));
    expect(held.asked).toHaveLength(2);
  });

  it('asks again for a prompt that undo brings back without an answer', async () => {
    const { held, store } = open();
    store.actions.addPoint(at(0.1));
    store.actions.addPoint(at(0.2));
    (await held.question()).answer([]);
    (await held.question()).answer();
    await settled();
    store.actions.undo();
    await settled();
    expect(active(store)).toMatchObject({ answered: true, outlines: [] });
    expect(held.openCount).toBe(0);
  });

  it('answers an object that was finished before its answer came, before the pointer is followed', async () => {
    const { held, store } = open();
    store.actions.addPoint(at(0.1));
    const first = await held.question();
    store.actions.addPoint(at(0.2));
    store.actions.finish();
    store.actions.askLabel(undefined);
    store.actions.hoverAt({ x: 0.7, y: 0.7 });
    first.answer();
    (await held.question()).answer();
    await settled();
    expect(present(store).objects[0]?.outlines[0]).toEqual(squareFor({ points: [at(0.2)] }));
    expect((await held.question()).prompt.points).toEqual([{ x: 0.7, y: 0.7, label: 1 }]);
  });

  it('asks nothing for background points alone', async () => {
    const { held, store } = open();
    store.actions.addPoint({ ...at(0.1), label: 0 });
    await settled();
    expect(held.asked).toEqual([]);
    expect(store.getState().asking).toBe(false);
  });

  it('keeps the old outline in sight until the answer has come', async () => {
    const { held, store } = open();
    store.actions.addPoint(at(0.1));
    (await held.question()).answer();
    await settled();
    store.actions.addPoint(at(0.2));
    expect(store.getState().former).toEqual(squareFor({ points: [at(0.1)] }));
    (await held.question()).answer();
    await settled();
    expect(store.getState().former).toBeUndefined();
  });

  it('lets the outline follow a point that is moved, as one step', async () => {
    const { held, store } = open();
    store.actions.addPoint(at(0.1));
    (await held.question()).answer();
    await settled();
    store.actions.changePrompt({ points: [at(0.2)] });
    const first = await held.question();
    store.actions.changePrompt({ points: [at(0.3)] }, { joins: true });
    store.actions.changePrompt({ points: [at(0.4)] }, { joins: true });
    first.answer();
    await settled();
    expect(store.getState().former).toEqual(squareFor({ points: [at(0.2)] }));
    (await held.question()).answer();
    await settled();
    expect(active(store)?.outlines[0]).toEqual(squareFor({ points: [at(0.4)] }));
    expect(held.asked.map(({ points }) => points[0]?.x)).toEqual([0.1, 0.2, 0.4]);
    store.actions.undo();
    expect(active(store)?.prompt).toEqual({ points: [at(0.1)] });
  });

  it('asks again after the time that a busy server names', async () => {
    const { held, store } = open();
    store.actions.addPoint(at(0.1));
    (await held.question()).refuse(await refusal(429, { 'retry-after': '0' }));
    const again = await held.question();
    expect(store.getState().problem).toBeInstanceOf(ApiError);
    again.answer();
    await settled();
    expect(store.getState()).toMatchObject({ problem: undefined, asksAgainAt: undefined, asking: false });
    expect(active(store)?.outlines).toHaveLength(2);
  });

  it('does not ask again by itself what was refused for good', async () => {
    const { held, store } = open();
    store.actions.addPoint(at(0.1));
    (await held.question()).refuse(await refusal(400));
    await settled();
    expect(store.getState()).toMatchObject({ asking: false, asksAgainAt: undefined });
    expect(held.openCount).toBe(0);
    store.actions.askAgain();
    (await held.question()).answer();
    await settled();
    expect(store.getState().problem).toBeUndefined();
  });

  it('asks nothing more once it is closed', async () => {
    const { held, store } = open();
    store.actions.addPoint(at(0.1));
    await held.question();
    store.actions.close();
    store.actions.addPoint(at(0.2));
    await settled();
    expect(held.openCount).toBe(0);
    expect(store.getState().problem).toBeUndefined();
  });
});

describe('the outline under the pointer', () => {
  it('is that of the newest position', async () => {
    const { held, store } = open();
    for (const x of [0.1, 0.2, 0.3]) store.actions.hoverAt({ x, y: 0.5 });
    (await held.question()).answer();
    const last = await held.question();
    expect(last.prompt.points).toEqual([at(0.3)]);
    last.answer();
    await settled();
    expect(store.getState().hover).toEqual(squareFor({ points: [at(0.3)] }));
    expect(held.openCount).toBe(0);
  });

  it('is not shown once the pointer has left, or while an object is marked', async () => {
    const { held, store } = open();
    store.actions.hoverAt({ x: 0.1, y: 0.5 });
    const question = await held.question();
    store.actions.hoverAt(undefined);
    question.answer();
    await settled();
    expect(store.getState().hover).toBeUndefined();
    store.actions.hoverAt({ x: 0.1, y: 0.5 });
    const other = await held.question();
    store.actions.addPoint(at(0.4));
    other.answer();
    await settled();
    expect(store.getState().hover).toBeUndefined();
  });

  it('is that of a click there, which asks nothing again, also where it is not found yet', async () => {
    const { held, store } = open();
    store.actions.hoverAt({ x: 0.2, y: 0.5 });
    (await held.question()).answer();
    await settled();
    store.actions.addPoint(at(0.2));
    expect(active(store)).toMatchObject({ answered: true, outlines: [{ score: 0.9 }, { score: 0.5 }] });
    store.actions.finish();
    store.actions.askLabel(undefined);

    store.actions.hoverAt({ x: 0.6, y: 0.5 });
    store.actions.addPoint(at(0.6));
    expect(active(store)!.answered).toBe(false);
    (await held.question()).answer();
    await settled();
    expect(active(store)!.answered).toBe(true);
    store.actions.addPoint({ ...at(0.7), label: 0 });
    expect(held.asked.map(({ points }) => points.length)).toEqual([1, 1, 2]);
  });
});

describe('objects', () => {
  it('are kept while others are marked, and can be reordered, hidden and deleted', async () => {
    const opened = open();
    const { store } = opened;
    const ids = [await mark(opened, 0.1), await mark(opened, 0.2), await mark(opened, 0.3)];
    store.actions.moveTo(ids[2]!, 0);
    expect(present(store).objects.map(({ id }) => id)).toEqual([ids[2], ids[0], ids[1]]);
    store.actions.change(ids[0]!, { hidden: true });
    store.actions.remove(ids[1]!);
    expect(present(store).objects).toMatchObject([{ id: ids[2] }, { id: ids[0], hidden: true }]);
    store.actions.undo();
    expect(present(store).objects).toHaveLength(3);
  });

  it('are neither changed nor deleted while they are locked', async () => {
    const opened = open();
    const { held, store } = opened;
    const id = await mark(opened, 0.1);
    store.actions.change(id, { locked: true });
    store.actions.select(id);
    store.actions.choose(1);
    store.actions.remove(id);
    store.actions.select(id);
    store.actions.addPoint(at(0.4));
    (await held.question()).answer();
    expect(present(store).objects).toMatchObject([
      { id, chosen: 0, prompt: { points: [at(0.1)] } },
      { prompt: { points: [at(0.4)] } },
    ]);
  });

  it('ask for their label when they are finished, and only then', async () => {
    const opened = open();
    const { store } = opened;
    const id = await mark(opened, 0.1);
    expect(store.getState().labelling).toBe(id);
    store.actions.change(id, { label: 'boat' });
    store.actions.askLabel(undefined);
    store.actions.select(id);
    store.actions.finish();
    expect(store.getState().labelling).toBeUndefined();
  });

  it('keep the pointer from being followed while their label is asked for', async () => {
    const opened = open();
    const { held, store } = opened;
    await mark(opened, 0.1);
    store.actions.hoverAt({ x: 0.7, y: 0.7 });
    await settled();
    expect(held.openCount).toBe(0);
    store.actions.askLabel(undefined);
    expect((await held.question()).prompt.points).toEqual([{ x: 0.7, y: 0.7, label: 1 }]);
  });

  it('are deleted by dropping them only until they were finished', async () => {
    const opened = open();
    const { held, store } = opened;
    const id = await mark(opened, 0.1);
    store.actions.select(id);
    store.actions.drop();
    expect(present(store)).toMatchObject({ objects: [{ id }], activeId: undefined });
    store.actions.addPoint(at(0.2));
    (await held.question()).answer();
    store.actions.drop();
    expect(present(store).objects).toMatchObject([{ id }]);
  });

  it('in which nothing is found do not stay', async () => {
    const { held, store } = open();
    store.actions.addPoint(at(0.1));
    (await held.question()).answer([]);
    await settled();
    store.actions.finish();
    expect(present(store).objects).toEqual([]);
  });

  it('stay saved when something else is undone, and are unsaved once their prompt changes', async () => {
    const opened = open();
    const { held, store } = opened;
    const id = await mark(opened, 0.1);
    store.actions.change(id, { label: 'boat' });
    store.actions.note(present(store).objects[0]!, { jobId: 7 });
    store.actions.undo();
    expect(present(store).objects[0]).toMatchObject({ jobId: 7 });
    expect(present(store).objects[0]?.label).toBeUndefined();
    store.actions.select(id);
    store.actions.addPoint(at(0.2));
    (await held.question()).answer();
    expect(present(store).objects[0]?.jobId).toBeUndefined();
    store.actions.undo();
    expect(present(store).objects[0]?.jobId).toBe(7);
  });
});

describe('what is kept or linked', () => {
  it('goes below what was marked meanwhile', async () => {
    const opened = open();
    const { store } = opened;
    const id = await mark(opened, 0.1);
    const prompt = { points: [at(0.8)] };
    store.actions.restore({
      objects: [{ id: 'kept', prompt, outlines: [squareFor(prompt)], answered: true, chosen: 0 }],
    });
    expect(present(store).objects.map((object) => object.id)).toEqual(['kept', id]);
  });

  it('opens the object that has the prompt of a link, or begins one', async () => {
    const opened = open();
    const { held, store } = opened;
    const id = await mark(opened, 0.1);
    store.actions.open({ points: [at(0.1)] });
    expect(present(store)).toMatchObject({ activeId: id, objects: [{ id }] });
    store.actions.open({ points: [], boundingBox: { xMin: 0.1, yMin: 0.1, xMax: 0.2, yMax: 0.2 } });
    (await held.question()).answer();
    await settled();
    expect(active(store)?.outlines).toHaveLength(2);
    expect(present(store).objects).toHaveLength(2);
  });
});
