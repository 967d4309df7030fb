import type { AnnotationStatus } from '../objects/photo-object.ts';
import { goTo } from '../shell/hash-location.ts';
import type { Review } from './create-review.ts';

/** What can be done with the annotations that are selected, or the one that is looked at where none is. */
export interface ReviewActs {
  /** The annotations that are meant. */
  targets(): number[];
  decide(change: { status?: AnnotationStatus; label?: string }): void;
  delete(): void;
  undo(): void;
  /** Looks at an annotation. */
  lookAt(id: number | undefined): void;
  /** Looks at the annotation so many places further; `extend` selects all on the way. */
  move(by: number, options?: { extend?: boolean }): void;
  toggle(id: number): void;
  selectTo(id: number): void;
  selectAll(): void;
  clear(): void;
  /** Opens the photo of the annotation that is looked at. */
  open(): void;
}

/** What can be done in a review. */
export function reviewActs({ source, changes, focus }: Review): ReviewActs {
  const items = () => source.store.getState().items;
  const placeOf = (id: number | undefined) => items().findIndex((one) => one.id === id);
  const acts: ReviewActs = {
    targets() {
      const { currentId, selected } = focus.getState();
      if (selected.size > 0) return [...selected];
      return placeOf(currentId) < 0 ? [] : [currentId!];
    },
    decide(change) {
      const isOne = focus.getState().selected.size === 0;
      changes.decide(acts.targets().map((id) => ({ id, ...change })));
      if (isOne) acts.move(1);
      else acts.clear();
    },
    delete() {
      const ids = acts.targets();
      const place = placeOf(focus.getState().currentId);
      changes.delete(ids);
      if (placeOf(focus.getState().currentId) < 0) acts.lookAt(items()[Math.min(place, items().length - 1)]?.id);
      acts.clear();
    },
    undo: changes.undo,
    lookAt: (currentId) => focus.setState({ currentId }),
    move(by, { extend = false } = {}) {
      const all = items();
      const from = placeOf(focus.getState().currentId);
      const next = all[Math.min(Math.max(from + by, 0), all.length - 1)];
      if (next === undefined) return;
      if (extend) acts.selectTo(next.id);
      acts.lookAt(next.id);
    },
    toggle(id) {
      const selected = new Set(focus.getState().selected);
      if (!selected.delete(id)) selected.add(id);
      focus.setState({ selected });
    },
    selectTo(id) {
      const [from, to] = [placeOf(focus.getState().currentId), placeOf(id)];
      const [first, last] = [Math.max(Math.min(from, to), 0), Math.max(from, to)];
      const between = items().slice(first, last + 1);
      focus.setState(({ selected }) => ({ selected: new Set([...selected, ...between.map((one) => one.id)]) }));
    },
    selectAll: () => focus.setState({ selected: new Set(items().map((one) => one.id)) }),
    clear: () => focus.setState({ selected: new Set() }),
    open() {
      const item = items()[placeOf(focus.getState().currentId)];
      if (item !== undefined) goTo(`/photo/${item.annotatedResourceId}`);
    },
  };
  return acts;
}
