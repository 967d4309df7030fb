import i18next from 'i18next';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Annotation } from '../annotations/annotation.ts';
import type { Deleter } from '../annotations/create-deleter.ts';
import { type SaveOutcome, saveAnnotations } from '../annotations/save-annotations.ts';
import { saveChoices } from '../annotations/save-choices.ts';
import { ApiError } from '../api/api-error.ts';
import type { Api } from '../api/create-api.ts';
import { busyForMs, isBusy, pause } from '../api/wait-patiently.ts';
import { isUnsaved, type PhotoObject } from '../objects/photo-object.ts';
import type { PhotoStore } from './create-photo-store.ts';
import { postJob, waitForJob } from './save-object.ts';

/** Jobs of one photo that are posted or waited for at the same time. */
const AT_ONCE = 3;

/** How far saving is. */
export interface SaveState {
  /** Objects that are being saved, or wait for it. */
  saving: ReadonlySet<string>;
  /** Why objects could not be saved, by their ids. */
  failures: ReadonlyMap<string, Error>;
  /** What somebody else has made of objects that were changed here, by their ids. */
  conflicts: ReadonlyMap<string, Annotation>;
  /** Objects of this run, and how many of them have ended. */
  total: number;
  done: number;
  /** Until when a busy server is left alone, in milliseconds since 1970. */
  waitsUntil?: number;
}

/** Saves the objects of a photo: those with a label as annotations, the others as jobs. */
export interface Saver extends StoreApi<SaveState> {
  /** Saves every object that is not saved yet, or those with these ids. */
  save(ids?: readonly string[]): void;
  /** Waits for the ends of jobs that an earlier visit posted. */
  resume(): void;
  /** Notes what somebody else has made of objects, or with `undefined` that it is decided what counts. */
  meet(id: string, theirs: Annotation | undefined): void;
  close(): void;
}

/** Creates the saver of an opened photo. What is saved is noted on the objects; what fails stays, with the reason. */
export function createSaver({
  api,
  fileId,
  photo,
  deleter,
}: {
  api: Api;
  fileId: number;
  photo: PhotoStore;
  deleter: Pick<Deleter, 'delete'>;
}): Saver {
  const store = createStore<SaveState>(() => ({
    saving: new Set(),
    failures: new Map(),
    conflicts: new Map(),
    total: 0,
    done: 0,
  }));
  const { getState, setState } = store;
  const abort = new AbortController();
  const { signal } = abort;
  const waiting: string[] = [];
  let running = 0;

  const find = (id: string) => photo.getState().history.present.objects.find((object) => object.id === id);

  const add = (ids: readonly string[]) => {
    const { saving, failures, total, done } = getState();
    const fresh = ids.filter((id) => !saving.has(id));
    if (fresh.length === 0) return;
    const isOver = saving.size === 0;
    const isNamed = (id: string) => find(id)?.label !== undefined;
    waiting.push(...fresh.filter((id) => !isNamed(id)));
    setState({
      saving: new Set([...saving, ...fresh]),
      failures: new Map([...failures].filter(([id]) => !fresh.includes(id))),
      total: (isOver ? 0 : total) + fresh.length,
      done: isOver ? 0 : done,
    });
    const named = fresh.filter(isNamed);
    if (named.length > 0) void saveNamed(named);
    pump();
  };

  const pump = () => {
    while (running < AT_ONCE) {
      const id = waiting.shift();
      if (id === undefined) return;
      running += 1;
      void work(id);
    }
  };

  const work = async (id: string) => {
    const failure = await saveOne(id).catch((error: unknown) => error as Error);
    running -= 1;
    if (signal.aborted) return;
    end(id, failure);
    pump();
  };

  const end = (id: string, failure?: Error) => {
    const { saving, failures, done } = getState();
    if (!saving.has(id)) return;
    const left = new Set(saving);
    left.delete(id);
    setState({
      saving: left,
      done: done + 1,
      ...(failure !== undefined && { failures: new Map([...failures, [id, failure]]) }),
    });
  };

  const meet = (id: string, theirs: Annotation | undefined) => {
    const conflicts = new Map(getState().conflicts);
    if (theirs === undefined) conflicts.delete(id);
    else conflicts.set(id, theirs);
    setState({ conflicts });
  };

  /** Whether the answer to a request that makes annotations was lost, so that they may be there. */
  let isRepeated = false;
  const saveNamed = async (ids: readonly string[]) => {
    const tell = ({ id }: PhotoObject, outcome: SaveOutcome) => {
      if ('saved' in outcome) {
        if (find(id) === undefined) deleter.delete(outcome.saved.id);
        photo.actions.settle(id, { annotation: outcome.saved });
      }
      meet(id, 'theirs' in outcome ? outcome.theirs : undefined);
      end(id);
    };
    const named = ids.flatMap((id) => find(id) ?? []).filter(isUnsaved);
    const { status } = saveChoices.getState();
    try {
      await saveAnnotations(named, { api, fileId, status, isRepeated, persist, tell, signal });
      isRepeated = false;
      for (const id of ids) end(id);
    } catch (error) {
      if (signal.aborted) return;
      isRepeated ||= error instanceof ApiError && error.status === 0;
      for (const id of ids) end(id, error as Error);
    }
  };

  const saveOne = async (id: string): Promise<undefined> => {
    const object = find(id);
    if (object === undefined || !isUnsaved(object)) return;
    // A job answers what the model says, which is not what was made of it.
    if (object.byHand) throw new Error(i18next.t('correct.noJob'));
    try {
      const jobId = object.postedJobId ?? (await post(object));
      await waitForJob(api, jobId, signal);
      photo.actions.note(object, { jobId, postedJobId: undefined });
    } catch (error) {
      signal.throwIfAborted();
      photo.actions.note(object, { postedJobId: undefined });
      // The job that an earlier visit posted was deleted meanwhile.
      if (object.postedJobId !== undefined && error instanceof ApiError && error.status === 404) return saveOne(id);
      throw error;
    }
  };

  const post = async (object: PhotoObject): Promise<number> => {
    const jobId = await persist(() => postJob(api, fileId, object.prompt, signal));
    photo.actions.note(object, { postedJobId: jobId });
    return jobId;
  };

  /** Makes a request, and as long as the server is too busy for it, says so and makes it again. */
  const persist = async <T>(request: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        const answer = await request();
        setState({ waitsUntil: undefined });
        return answer;
      } catch (error) {
        if (!isBusy(error)) throw error;
        const waitMs = busyForMs(error);
        setState({ waitsUntil: Date.now() + waitMs });
        await pause(waitMs, signal);
        signal.throwIfAborted();
      }
    }
  };

  const objects = () => photo.getState().history.present.objects;
  return Object.assign(store, {
    save: (ids?: readonly string[]) =>
      add(objects().flatMap((object) => (isUnsaved(object) && ids?.includes(object.id) !== false ? [object.id] : []))),
    resume: () =>
      add(
        objects().flatMap((object) =>
          object.postedJobId !== undefined && object.label === undefined ? [object.id] : [],
        ),
      ),
    meet,
    close: () => abort.abort(),
  });
}
