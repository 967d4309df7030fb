import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  type ObjectPrompt,
  type Outline,
  outlineOf,
  type PhotoObject,
  type PromptPoint,
} from '../objects/photo-object.ts';
import {
  activeObject,
  changeObject,
  EMPTY_HISTORY,
  type ObjectHistory,
  type PhotoObjects,
  putOutlines,
  redo,
  setPrompt,
  takeStep,
  undo,
} from '../objects/photo-objects.ts';
import { createAsker } from '../preview/create-asker.ts';
import type { Preview, PreviewPlace } from '../preview/preview.ts';

/** What a click or a drag on the canvas means. */
export type Tool = 'point' | 'box' | 'pan';

/** State of one opened photo. */
export interface PhotoState {
  history: ObjectHistory;
  tool: Tool;
  /** Whether outlines follow the pointer while nothing is marked. */
  follows: boolean;
  /** Outline under the pointer; the last one stays until the next has come. */
  hover?: Outline;
  /** What the active object looked like before its prompt changed: shown until the answer has come. */
  former?: Outline;
  /** Who answered last, and how long it took. */
  place: PreviewPlace;
  ms?: number;
  /** A question about the active object is under way. */
  asking: boolean;
  /** Why the last question was not answered. */
  problem?: Error;
}

/** What can be done with an opened photo. */
export interface PhotoActions {
  hoverAt(position: { x: number; y: number } | undefined): void;
  addPoint(point: PromptPoint): void;
  /** Marks by a box; `keep` leaves the points of the active object. */
  setBox(box: ObjectPrompt['boundingBox'], options?: { keep?: boolean }): void;
  /** Replaces the prompt of the active object, as after a point was moved or deleted. */
  changePrompt(prompt: ObjectPrompt): void;
  choose(index: number): void;
  change(id: string, change: Partial<PhotoObject>): void;
  /** Notes the job that an object was saved as; no step that can be undone. */
  noteSaved(id: string, jobId: number): void;
  select(id: string | undefined): void;
  /** Deletes the object. */
  remove(id: string): void;
  /** Puts an object at another place of the order in which they lie over each other. */
  moveTo(id: string, place: number): void;
  /** Ends work on the active object, which stays. */
  finish(): void;
  /** Drops the active object with its prompt. */
  drop(): void;
  undo(): void;
  redo(): void;
  setTool(tool: Tool): void;
  setFollows(follows: boolean): void;
  /** Puts in what was kept from an earlier visit, or came with a link. */
  restore(objects: PhotoObjects): void;
  /** Ends everything under way. */
  close(): void;
}

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
  const asker = createAsker(preview, fileId);
  const isWanted = (error: unknown) => !(error instanceof DOMException && error.name === 'AbortError');

  const step = (change: (present: PhotoObjects) => PhotoObjects) => {
    setState(({ history }) => ({ history: takeStep(history, change(history.present)), hover: undefined }));
    askForActive();
  };

  const askForActive = () => {
    const active = activeObject(getState().history.present);
    if (active === undefined || active.outlines.length > 0) return;
    void answer(active.prompt);
  };

  const answer = async (prompt: ObjectPrompt) => {
    setState({ asking: true, problem: undefined });
    try {
      const found = await asker.ask(prompt);
      if (found === undefined) return;
      const { outlines, place, ms } = found;
      setState(({ history }) => ({ history: putOutlines(history, prompt, outlines), place, ms, asking: false }));
    } catch (error) {
      if (isWanted(error)) setState({ problem: error as Error, asking: false });
    }
  };

  const hover = async (position: { x: number; y: number }) => {
    try {
      const found = await asker.ask({ points: [{ ...position, label: 1 }] });
      const { history, follows } = getState();
      if (found === undefined || history.present.activeId !== undefined || !follows) return;
      const [best] = found.outlines;
      setState({ hover: best, place: found.place, ms: found.ms, problem: undefined });
    } catch (error) {
      if (isWanted(error)) setState({ problem: error as Error });
    }
  };

  /** A new prompt keeps showing the old outline until its answer has come. */
  const withPrompt = (prompt: ObjectPrompt) => {
    const { history, former, hover: under } = getState();
    const active = activeObject(history.present);
    setState({ former: active === undefined ? under : (outlineOf(active) ?? former) });
    step((present) => {
      const next = setPrompt(present, prompt, () => crypto.randomUUID());
      const begun = activeObject(next);
      return begun === undefined ? next : changeObject(next, begun.id, { outlines: [], chosen: 0 });
    });
  };

  const activePrompt = (): ObjectPrompt => activeObject(getState().history.present)?.prompt ?? { points: [] };

  const actions: PhotoActions = {
    hoverAt(position) {
      const { follows, history } = getState();
      if (history.present.activeId !== undefined) return;
      if (position === undefined || !follows) setState({ hover: undefined });
      else void hover(position);
    },
    addPoint(point) {
      const { points, boundingBox } = activePrompt();
      withPrompt({ points: [...points, point], ...(boundingBox && { boundingBox }) });
    },
    setBox(boundingBox, { keep = false } = {}) {
      withPrompt({ points: keep ? activePrompt().points : [], ...(boundingBox && { boundingBox }) });
    },
    changePrompt: withPrompt,
    choose(chosen) {
      const { present } = getState().history;
      const active = activeObject(present);
      if (active === undefined || active.outlines[chosen] === undefined || active.chosen === chosen) return;
      step(() => changeObject(present, active.id, { chosen, jobId: undefined }));
    },
    change: (id, change) => step((present) => changeObject(present, id, change)),
    noteSaved: (id, jobId) =>
      setState(({ history }) => ({ history: { ...history, present: changeObject(history.present, id, { jobId }) } })),
    select: (id) =>
      setState(({ history }) => ({
        history: { ...history, present: { ...history.present, activeId: id } },
        hover: undefined,
      })),
    remove: (id) =>
      step(({ objects, activeId }) => ({
        objects: objects.filter((object) => object.id !== id),
        activeId: activeId === id ? undefined : activeId,
      })),
    moveTo: (id, place) =>
      step(({ objects, activeId }) => {
        const others = objects.filter((object) => object.id !== id);
        const moved = objects.filter((object) => object.id === id);
        return { objects: [...others.slice(0, place), ...moved, ...others.slice(place)], activeId };
      }),
    finish: () => actions.select(undefined),
    drop() {
      const { activeId } = getState().history.present;
      if (activeId !== undefined) actions.remove(activeId);
    },
    undo() {
      setState(({ history }) => ({ history: undo(history), hover: undefined }));
      askForActive();
    },
    redo() {
      setState(({ history }) => ({ history: redo(history), hover: undefined }));
      askForActive();
    },
    setTool: (tool) => setState({ tool }),
    setFollows: (follows) => setState({ follows, hover: undefined }),
    restore(present) {
      setState({ history: { ...EMPTY_HISTORY, present } });
      askForActive();
    },
    close: () => asker.stop(),
  };
  return Object.assign(store, { actions });
}
