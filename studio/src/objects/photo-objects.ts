import type { ObjectPrompt, Outline, PhotoObject } from './photo-object.ts';

/** The objects of a photo, lowest first, and the one that is being made or changed. */
export interface PhotoObjects {
  objects: readonly PhotoObject[];
  activeId?: string;
}

/** The objects of a photo with the way back and forth through their changes. */
export interface ObjectHistory {
  past: readonly PhotoObjects[];
  present: PhotoObjects;
  future: readonly PhotoObjects[];
}

/** Changes that are kept to be undone. */
const MOST_STEPS = 200;

export const EMPTY_HISTORY: ObjectHistory = { past: [], present: { objects: [] }, future: [] };

/** The object that is being made or changed. */
export const activeObject = ({ objects, activeId }: PhotoObjects): PhotoObject | undefined =>
  objects.find(({ id }) => id === activeId);

/** Takes a step that can be undone. */
export function takeStep({ past, present }: ObjectHistory, next: PhotoObjects): ObjectHistory {
  return { past: [...past, present].slice(-MOST_STEPS), present: next, future: [] };
}

/** Goes back by one step. */
export function undo(history: ObjectHistory): ObjectHistory {
  const previous = history.past.at(-1);
  if (previous === undefined) return history;
  return { past: history.past.slice(0, -1), present: previous, future: [history.present, ...history.future] };
}

/** Takes the step again that was undone last. */
export function redo(history: ObjectHistory): ObjectHistory {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future };
}

/** Changes one object. */
export const changeObject = (
  { objects, activeId }: PhotoObjects,
  id: string,
  change: Partial<PhotoObject>,
): PhotoObjects => ({
  objects: objects.map((object) => (object.id === id ? { ...object, ...change } : object)),
  activeId,
});

/** Gives the active object another prompt, or begins an object with it. A changed prompt is no longer what was saved. */
export function setPrompt(state: PhotoObjects, prompt: ObjectPrompt, newId: () => string): PhotoObjects {
  const active = activeObject(state);
  if (active !== undefined) return changeObject(state, active.id, { prompt, jobId: undefined });
  const id = newId();
  return { objects: [...state.objects, { id, prompt, outlines: [], chosen: 0 }], activeId: id };
}

/** Puts the answer to a prompt into its object, in whichever step that has this very prompt. */
export function putOutlines(history: ObjectHistory, prompt: ObjectPrompt, outlines: readonly Outline[]): ObjectHistory {
  const put = (state: PhotoObjects): PhotoObjects =>
    state.objects.some((object) => object.prompt === prompt)
      ? {
          ...state,
          objects: state.objects.map((object) =>
            object.prompt === prompt && object.outlines !== outlines ? { ...object, outlines, chosen: 0 } : object,
          ),
        }
      : state;
  return { past: history.past.map(put), present: put(history.present), future: history.future.map(put) };
}
