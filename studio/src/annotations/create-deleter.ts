import { createStore, type StoreApi } from 'zustand/vanilla';
import { ApiError } from '../api/api-error.ts';
import type { Api } from '../api/create-api.ts';
import type { PhotoStore } from '../photo/create-photo-store.ts';
import { toSaved } from './annotation.ts';
import { deleteAnnotations, restoreAnnotations } from './annotation-requests.ts';
import { isNotOffered, missingIds } from './meet-refusal.ts';

/** Annotations that could not be deleted, and why. */
export interface DeleterState {
  failed: readonly number[];
  reason?: Error;
}

/** Deletes the annotations of objects that are deleted, and brings them back with the objects. */
export interface Deleter extends StoreApi<DeleterState> {
  /** Takes it that an annotation is not there any more: nothing is done when its object goes. */
  ignore(annotationId: number): void;
  /** Deletes an annotation whose object was deleted while it was being saved. */
  delete(annotationId: number): void;
  /** Whether an annotation was deleted here, so that an older answer of the server does not bring it back. */
  hasDeleted(annotationId: number): boolean;
  /** Deletes once more what could not be deleted. */
  retry(): void;
  close(): void;
}

/** Creates the deleter of an opened photo. What it has begun it ends, also when the photo is closed. */
export function createDeleter({ api, photo }: { api: Pick<Api, 'fetch'>; photo: PhotoStore }): Deleter {
  const store = createStore<DeleterState>(() => ({ failed: [] }));
  const idsNow = () =>
    new Map(
      photo
        .getState()
        .history.present.objects.flatMap(({ id, annotation }) => (annotation ? [[annotation.id, id] as const] : [])),
    );
  let there = idsNow();
  const deleted = new Set<number>();
  let last: Promise<void> = Promise.resolve();
  const then = (act: () => Promise<void>) => {
    last = last.then(act).catch((error: unknown) => store.setState({ reason: error as Error }));
  };

  const remove = async (ids: readonly number[]) => {
    const wanted = ids.filter((id) => deleted.has(id));
    if (wanted.length === 0) return;
    try {
      await deleteAnnotations(api, wanted);
    } catch (error) {
      const missing = missingIds(error);
      if (missing.length > 0) return remove(wanted.filter((id) => !missing.includes(id)));
      for (const id of wanted) deleted.delete(id);
      store.setState(({ failed }) => ({ failed: [...failed, ...wanted], reason: error as Error }));
    }
  };

  const restore = async (annotationId: number) => {
    const id = idsNow().get(annotationId);
    if (!deleted.delete(annotationId) || id === undefined) return;
    try {
      const [annotation] = await restoreAnnotations(api, [annotationId]);
      if (annotation !== undefined) {
        const { parts, label } = savedOf(id) ?? toSaved(annotation);
        photo.actions.settle(id, { annotation: { ...toSaved(annotation), parts, label } });
      }
    } catch (error) {
      const isGone = isNotOffered(error) || (error instanceof ApiError && error.status === 404);
      if (!isGone) throw error;
      // Saving makes it once more.
      there.delete(annotationId);
      photo.actions.settle(id, { annotation: undefined });
    }
  };
  const savedOf = (id: string) =>
    photo.getState().history.present.objects.find((object) => object.id === id)?.annotation;

  const add = (ids: readonly number[]) => {
    for (const id of ids) deleted.add(id);
    then(() => remove(ids));
  };

  const unsubscribe = photo.subscribe((state, before) => {
    if (state.history.present === before.history.present) return;
    const now = idsNow();
    const gone = [...there.keys()].filter((id) => !now.has(id));
    const back = [...now.keys()].filter((id) => deleted.has(id));
    there = now;
    if (gone.length > 0) add(gone);
    for (const id of back) then(() => restore(id));
  });

  return Object.assign(store, {
    ignore: (annotationId: number) => void there.delete(annotationId),
    delete: (annotationId: number) => add([annotationId]),
    hasDeleted: (annotationId: number) => deleted.has(annotationId),
    retry() {
      const { failed } = store.getState();
      store.setState({ failed: [], reason: undefined });
      add(failed);
    },
    close: unsubscribe,
  });
}
