import { createStore, type StoreApi } from 'zustand/vanilla';
import { type ObjectPrompt, outlineOf, samePrompt } from '../objects/photo-object.ts';
import {
  activeObject,
  adoptChanges,
  changeEverywhere,
  changeObject,
  correctObject,
  EMPTY_HISTORY,
  moveObject,
  noteOn,
  type ObjectHistory,
  type PhotoObjects,
  putBelow,
  redo,
  removeEverywhere,
  removeObject,
  setPrompt,
  takeStep,
  undo,
} from '../objects/photo-objects.ts';
import type { Preview } from '../preview/preview.ts';
import { createAsker } from './create-asker.ts';
import type { PhotoActions, PhotoState } from './photo-state.ts';

/** The opened photo: its state and what can be done with it. */
export type PhotoStore = StoreApi<PhotoState> & { actions: PhotoActions };

/** Creates the store of an opened photo. */
export function createPhotoStore({ fileId, preview }: { fileId: number; preview: Preview }): PhotoStore {
  const store = createStore<PhotoState>(() => ({
    history: EMPTY_HISTORY,
    tool: 'point',
    follows: true,
    place: 'server',
    asking: false,
  }));
  const { getState, setState } = store;
  const asker = createAsker({ fileId, preview, store });
  const present = () => getState().history.present;

  const step = (next: PhotoObjects, { joins = false } = {}) => {
    if (next === present()) return;
    const taken = (history: ObjectHistory) =>
      joins ? { ...history, present: next, future: [] } : takeStep(history, next);
    setState(({ history }) => ({ history: taken(history), hover: undefined, handKept: undefined }));
    asker.next();
  };
  /** Changes what is shown without a step that can be undone. */
  const show = (change: Partial<PhotoObjects>) =>
    setState(({ history }) => ({
      history: { ...history, present: { ...history.present, ...change } },
      hover: undefined,
      former: undefined,
      handKept: undefined,
    }));

  /** A new prompt keeps showing the old outline until its answer has come. */
  const withPrompt = (prompt: ObjectPrompt, options?: { joins?: boolean }) => {
    const { former, hover } = getState();
    const active = activeObject(present());
    const begins = active === undefined || active.locked;
    // An answer of the model would take the place of the work of somebody's hands.
    if (!begins && active.byHand) return setState({ handKept: active.id });
    setState({ former: begins ? hover : (outlineOf(active) ?? former), labelling: undefined });
    step(
      setPrompt(present(), prompt, () => crypto.randomUUID()),
      options,
    );
  };

  const activePrompt = (): ObjectPrompt => {
    const active = activeObject(present());
    return active === undefined || active.locked ? { points: [] } : active.prompt;
  };

  const travel = (go: typeof undo) => {
    setState(({ history }) => ({ history: go(history), hover: undefined, former: undefined, labelling: undefined }));
    asker.next();
  };

  const actions: PhotoActions = {
    hoverAt: asker.hoverAt,
    addPoint(point) {
      const { points, boundingBox } = activePrompt();
      if (points.some(({ x, y }) => x === point.x && y === point.y)) return;
      withPrompt({ points: [...points, point], ...(boundingBox && { boundingBox }) });
    },
    setBox(boundingBox, { keep = false } = {}) {
      withPrompt({ points: keep ? activePrompt().points : [], ...(boundingBox && { boundingBox }) });
    },
    changePrompt(prompt, options) {
      if (prompt.points.length === 0 && prompt.boundingBox === undefined) actions.drop();
      else withPrompt(prompt, options);
    },
    choose(chosen) {
      const active = activeObject(present());
      if (active?.outlines[chosen] === undefined || active.chosen === chosen || active.locked) return;
      step(changeObject(present(), active.id, { chosen }));
    },
    change: (id, change) => step(changeObject(present(), id, change)),
    correct: (id, outline, options) => step(correctObject(present(), id, outline), options),
    note: ({ id, prompt }, note) => setState(({ history }) => ({ history: noteOn(history, id, prompt, note) })),
    settle: (id, change) => setState(({ history }) => ({ history: changeEverywhere(history, id, change) })),
    forget: (id) => setState(({ history }) => ({ history: removeEverywhere(history, id) })),
    replace: (id, change) => step(changeObject(present(), id, change)),
    add: (object) => step({ ...present(), objects: [...present().objects, object] }),
    select(id) {
      show({ activeId: id });
      asker.next();
    },
    remove: (id) => step(removeObject(present(), id)),
    removeAll: () => step({ objects: [] }),
    moveTo: (id, place) => step(moveObject(present(), id, place)),
    finish() {
      const active = activeObject(present());
      if (active === undefined) return;
      if (active.answered && active.outlines.length === 0) {
        actions.drop();
        return;
      }
      actions.note(active, { finished: true });
      asker.hoverAt(undefined);
      show({ activeId: undefined });
      setState({ labelling: active.label === undefined ? active.id : undefined });
      asker.next();
    },
    drop() {
      const active = activeObject(present());
      if (active === undefined) return;
      if (active.finished || active.locked) show({ activeId: undefined });
      else step(removeObject(present(), active.id));
    },
    askLabel(labelling) {
      setState({ labelling });
      asker.next();
    },
    undo: () => travel(undo),
    redo: () => travel(redo),
    setTool: (tool) => setState({ tool }),
    setFollows: (follows) => setState({ follows, hover: undefined }),
    restore(kept) {
      setState(({ history }) => ({ history: putBelow(history, kept) }));
      asker.next();
    },
    adopt(changes) {
      setState(({ history }) => ({ history: adoptChanges(history, changes) }));
      asker.next();
    },
    open(prompt) {
      const same = present().objects.find((object) => samePrompt(object.prompt, prompt));
      if (same !== undefined) {
        if (same.id !== present().activeId) actions.select(same.id);
        return;
      }
      show({ activeId: undefined });
      withPrompt(prompt);
    },
    askAgain: asker.askAgain,
    close: asker.close,
  };
  return Object.assign(store, { actions });
}
