import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Annotation } from '../annotations/annotation.ts';
import {
  type AnnotationChange,
  changeAnnotations,
  deleteAnnotations,
  restoreAnnotations,
} from '../annotations/annotation-requests.ts';
import { annotationsNow, missingIds } from '../annotations/meet-refusal.ts';
import type { Api } from '../api/create-api.ts';
import { waitPatiently } from '../api/wait-patiently.ts';
import type { ReviewSource } from './create-review-source.ts';

/** What is to become of one annotation. */
export type Decision = Pick<AnnotationChange, 'id' | 'status' | 'label'>;

/** How changes are going. */
export interface ChangesState {
  /** Changes that the server has not answered yet. */
  pending: number;
  /** Decisions that were not taken because somebody else had changed the annotations, which are shown as they are now. */
  overtaken: readonly Decision[];
  /** Decisions that failed, and why; the annotations are shown as they were. */
  failed: readonly Decision[];
  reason?: Error;
  /** Steps that can be undone. */
  steps: number;
  /** Annotations that the last step deleted. */
  deleted: number;
}

/** Changes annotations: at once on the screen, then on the server, one request after another. */
export interface ReviewChanges extends StoreApi<ChangesState> {
  decide(decisions: readonly Decision[]): void;
  delete(ids: readonly number[]): void;
  /** Undoes the last step. */
  undo(): void;
  /** Takes the decisions once more that were overtaken or have failed. */
  again(): void;
  /** Leaves annotations as they are shown. */
  dismiss(): void;
}

type Step = { decisions: Decision[] } | { deleted: { place: number; item: Annotation }[] };

/** Annotations that are sent in one request. */
const MOST_AT_ONCE = 500;
const FOR_GOOD = new AbortController().signal;

/** Creates the changes of what a source shows. */
export function createReviewChanges(api: Pick<Api, 'fetch'>, source: ReviewSource): ReviewChanges {
  const store = createStore<ChangesState>(() => ({ pending: 0, overtaken: [], failed: [], steps: 0, deleted: 0 }));
  const { getState, setState } = store;
  /** Annotations as the server has them, of those that are shown as they are to become. */
  const known = new Map<number, Annotation>();
  const waiting = new Map<number, number>();
  const steps: Step[] = [];
  let last: Promise<void> = Promise.resolve();

  const items = () => source.store.getState().items;
  const show = (changed: ReadonlyMap<number, Annotation>) =>
    source.store.setState({ items: items().map((one) => changed.get(one.id) ?? one) });
  const push = (step: Step) => {
    steps.push(step);
    setState({ steps: steps.length, deleted: 'deleted' in step ? step.deleted.length : 0 });
  };
  const pop = () => {
    const step = steps.pop();
    setState({ steps: steps.length, deleted: 0 });
    return step;
  };
  const queue = (act: () => Promise<void>) => {
    setState(({ pending }) => ({ pending: pending + 1 }));
    last = last.then(act).finally(() => setState(({ pending }) => ({ pending: pending - 1 })));
  };
  const persist = <T>(request: () => Promise<T>) => waitPatiently(request, FOR_GOOD);

  /** Notes how the server has annotations now, and shows them so unless another change of them is on its way. */
  const settle = (annotations: readonly Annotation[]) => {
    const shown = new Map<number, Annotation>();
    for (const one of annotations) {
      if (waiting.has(one.id)) known.set(one.id, one);
      else {
        known.delete(one.id);
        shown.set(one.id, one);
      }
    }
    show(shown);
  };
  const count = (ids: readonly number[], by: number) => {
    for (const id of ids) {
      const left = (waiting.get(id) ?? 0) + by;
      if (left === 0) waiting.delete(id);
      else waiting.set(id, left);
    }
  };

  const send = async (decisions: readonly Decision[]): Promise<void> => {
    const truth = new Map(items().map((one) => [one.id, known.get(one.id) ?? one]));
    const ids = decisions.map(({ id }) => id);
    try {
      const changes = decisions.map((one) => ({ ...one, lastUpdatedTime: truth.get(one.id)?.lastUpdatedTime }));
      const changed = await persist(() => changeAnnotations(api, changes));
      count(ids, -1);
      settle(changed);
    } catch (error) {
      const now = annotationsNow(error) ?? [];
      const gone = new Set(missingIds(error));
      const isOther = ({ id }: { id: number }) => gone.has(id) || now.some((theirs) => theirs.id === id);
      const rest = decisions.filter((one) => !isOther(one));
      if (rest.length < decisions.length) {
        count(
          decisions.filter(isOther).map(({ id }) => id),
          -1,
        );
        settle(now);
        source.store.setState({ items: items().filter(({ id }) => !gone.has(id)) });
        const overtaken = decisions.filter(({ id }) => now.some((theirs) => theirs.id === id));
        setState((state) => ({ overtaken: [...state.overtaken, ...overtaken] }));
        if (rest.length > 0) await send(rest);
        return;
      }
      count(ids, -1);
      settle(ids.flatMap((id) => truth.get(id) ?? []));
      setState((state) => ({ failed: [...state.failed, ...decisions], reason: error as Error }));
    }
  };

  const decide = (decisions: readonly Decision[], { isUndo = false } = {}) => {
    const byId = new Map(items().map((one) => [one.id, one]));
    const before: Decision[] = [];
    const shown = new Map<number, Annotation>();
    const taken = decisions.filter(({ id, status, label }) => {
      const one = byId.get(id);
      if (one === undefined) return false;
      const isChange = (status ?? one.status) !== one.status || (label ?? one.label) !== one.label;
      if (!isChange) return false;
      before.push({
        id,
        ...(status && { status: one.status }),
        ...(label && one.label !== null && { label: one.label }),
      });
      if (!known.has(id)) known.set(id, one);
      shown.set(id, { ...one, ...(status && { status }), ...(label && { label }) });
      return true;
    });
    if (taken.length === 0) return;
    show(shown);
    count([...shown.keys()], 1);
    if (!isUndo) push({ decisions: before });
    for (let start = 0; start < taken.length; start += MOST_AT_ONCE) {
      queue(() => send(taken.slice(start, start + MOST_AT_ONCE)));
    }
  };

  const putBack = (deleted: readonly { place: number; item: Annotation }[]) => {
    const all = [...items()];
    for (const { place, item } of deleted) all.splice(Math.min(place, all.length), 0, item);
    source.store.setState({ items: all });
  };

  return Object.assign(store, {
    decide: (decisions: readonly Decision[]) => decide(decisions),
    delete(ids: readonly number[]) {
      const wanted = new Set(ids);
      const deleted = items().flatMap((item, place) => (wanted.has(item.id) ? [{ place, item }] : []));
      if (deleted.length === 0) return;
      source.store.setState({ items: items().filter(({ id }) => !wanted.has(id)) });
      const step = { deleted };
      push(step);
      queue(async () => {
        const remove = async (left: readonly number[]): Promise<void> => {
          if (left.length === 0) return;
          try {
            await persist(() => deleteAnnotations(api, left));
          } catch (error) {
            const missing = missingIds(error);
            if (missing.length === 0) throw error;
            await remove(left.filter((id) => !missing.includes(id)));
          }
        };
        try {
          for (let start = 0; start < deleted.length; start += MOST_AT_ONCE) {
            await remove(deleted.slice(start, start + MOST_AT_ONCE).map(({ item }) => item.id));
          }
        } catch (error) {
          const place = steps.indexOf(step);
          if (place >= 0) steps.splice(place, 1);
          putBack(deleted);
          setState({ reason: error as Error, steps: steps.length, deleted: 0 });
        }
      });
    },
    undo() {
      const step = pop();
      if (step === undefined) return;
      if ('decisions' in step) return decide(step.decisions, { isUndo: true });
      queue(async () => {
        try {
          const restored = await persist(() =>
            restoreAnnotations(
              api,
              step.deleted.map(({ item }) => item.id),
            ),
          );
          putBack(step.deleted);
          settle(restored);
        } catch (error) {
          setState({ reason: error as Error });
        }
      });
    },
    again() {
      const { overtaken, failed } = getState();
      setState({ overtaken: [], failed: [], reason: undefined });
      decide([...overtaken, ...failed]);
    },
    dismiss: () => setState({ overtaken: [], failed: [], reason: undefined }),
  });
}
