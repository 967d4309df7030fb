import { isEmptyPrompt, type ObjectNote, type ObjectPrompt, type Outline, type PhotoObject } from './photo-object.ts';

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

/** Objects of a photo that were changed or added elsewhere, as they are now, and the ids of those that were deleted. */
export interface ObjectChanges {
  changed: readonly PhotoObject[];
  removed: readonly string[];
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

/** A change of the prompt: what was found for the old one counts no longer, nor does the job that it was saved as. */
const forPrompt = (prompt: ObjectPrompt) => ({
  prompt,
  outlines: [],
  answered: false,
  chosen: 0,
  byHand: undefined,
  jobId: undefined,
  postedJobId: undefined,
});

/** Gives the active object another prompt, or begins an object with it, on top of the others. */
export function setPrompt(state: PhotoObjects, prompt: ObjectPrompt, newId: () => string): PhotoObjects {
  const active = activeObject(state);
  if (active !== undefined && !active.locked) return changeObject(state, active.id, forPrompt(prompt));
  const id = newId();
  return { objects: [...state.objects, { id, ...forPrompt(prompt) }], activeId: id };
}

/**
 * Puts an outline made by hand in place of an object's: the only one that counts then, and not saved yet. An outline
 * without parts deletes the object. A locked object stays as it is.
 */
export function correctObject(state: PhotoObjects, id: string, outline: Outline): PhotoObjects {
  const object = state.objects.find((one) => one.id === id);
  if (object === undefined || object.locked) return state;
  if (outline.parts.length === 0) return removeObject(state, id);
  const change = { outlines: [outline], chosen: 0, answered: true, byHand: true };
  return changeObject(state, id, { ...change, jobId: undefined, postedJobId: undefined });
}

/** Deletes an object, unless it is locked. */
export const removeObject = ({ objects, activeId }: PhotoObjects, id: string): PhotoObjects => ({
  objects: objects.filter((object) => object.id !== id || object.locked),
  activeId: activeId === id ? undefined : activeId,
});

/** Puts an object at another place of the order in which they lie over each other, 0 being the lowest. */
export function moveObject({ objects, activeId }: PhotoObjects, id: string, place: number): PhotoObjects {
  const others = objects.filter((object) => object.id !== id);
  const moved = objects.filter((object) => object.id === id);
  return { objects: [...others.slice(0, place), ...moved, ...others.slice(place)], activeId };
}

/** The object to ask about next: the active one, else the lowest of those without an answer. */
export function nextToAsk(state: PhotoObjects, isRefused: (prompt: ObjectPrompt) => boolean): PhotoObject | undefined {
  const lacks = ({ answered, prompt }: PhotoObject) => !answered && !isEmptyPrompt(prompt) && !isRefused(prompt);
  const active = activeObject(state);
  return active !== undefined && lacks(active) ? active : state.objects.find(lacks);
}

/** Puts the answer to a prompt into its object, in whichever steps have this very prompt. */
export const putOutlines = (history: ObjectHistory, prompt: ObjectPrompt, outlines: readonly Outline[]) =>
  inEveryStep(history, (object) =>
    object.prompt === prompt && !object.byHand
      ? { ...object, outlines, answered: true, chosen: outlines[object.chosen] === undefined ? 0 : object.chosen }
      : object,
  );

/**
 * Notes something about an object in whichever steps it has this very prompt, so that undoing does not forget it. Jobs
 * are of what the model answered, and not of what was corrected by hand.
 */
export const noteOn = (history: ObjectHistory, id: string, prompt: ObjectPrompt, note: ObjectNote) =>
  inEveryStep(history, (object) => {
    if (object.id !== id || object.prompt !== prompt) return object;
    return object.byHand ? { ...object, finished: note.finished ?? object.finished } : { ...object, ...note };
  });

/** Changes an object in whichever steps it is there, as what the server knows of it: undoing does not bring that back. */
export const changeEverywhere = (history: ObjectHistory, id: string, change: Partial<PhotoObject>) =>
  inEveryStep(history, (object) => (object.id === id ? { ...object, ...change } : object));

/** Takes an object out of every step: it is not there any more, whatever is undone. */
export function removeEverywhere(history: ObjectHistory, id: string): ObjectHistory {
  const without = (state: PhotoObjects): PhotoObjects => ({
    objects: state.objects.filter((object) => object.id !== id),
    activeId: state.activeId === id ? undefined : state.activeId,
  });
  return { past: history.past.map(without), present: without(history.present), future: history.future.map(without) };
}

function inEveryStep(history: ObjectHistory, change: (object: PhotoObject) => PhotoObject): ObjectHistory {
  const changed = (state: PhotoObjects): PhotoObjects => {
    const objects = state.objects.map(change);
    return objects.some((object, place) => object !== state.objects[place]) ? { ...state, objects } : state;
  };
  return { past: history.past.map(changed), present: changed(history.present), future: history.future.map(changed) };
}

/** Puts objects below those of every step, so that undoing does not take them away again. */
export function putBelow(history: ObjectHistory, { objects: kept, activeId }: PhotoObjects): ObjectHistory {
  const put = (state: PhotoObjects): PhotoObjects => {
    const known = new Set(state.objects.map(({ id }) => id));
    return { ...state, objects: [...kept.filter(({ id }) => !known.has(id)), ...state.objects] };
  };
  const present = put(history.present);
  return {
    past: history.past.map(put),
    present: { ...present, activeId: present.activeId ?? activeId },
    future: history.future.map(put),
  };
}

/**
 * Takes over what was changed elsewhere. Every step that has an object as it is now gets it as it has become, so that
 * undoing a change made here does not undo one made there.
 */
export function adoptChanges(history: ObjectHistory, { changed, removed }: ObjectChanges): ObjectHistory {
  const now = new Map(history.present.objects.map((object) => [object.id, object]));
  const next = new Map(changed.map((object) => [object.id, object]));
  const gone = new Set(removed);
  const adopt = ({ objects, activeId }: PhotoObjects): PhotoObjects => {
    const left = objects.flatMap((object) => {
      if (object !== now.get(object.id)) return [object];
      return gone.has(object.id) ? [] : [next.get(object.id) ?? object];
    });
    const ids = new Set(left.map(({ id }) => id));
    const added = changed.filter(({ id }) => !now.has(id) && !ids.has(id));
    const all = [...left, ...added];
    return { objects: all, activeId: all.some(({ id }) => id === activeId) ? activeId : undefined };
  };
  return { past: history.past.map(adopt), present: adopt(history.present), future: history.future.map(adopt) };
}
