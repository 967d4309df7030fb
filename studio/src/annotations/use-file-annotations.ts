import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useApi } from '../api/api-context.ts';
import type { PhotoStore } from '../photo/create-photo-store.ts';
import type { Saver } from '../photo/create-saver.ts';
import { readAllOfFile } from './annotation-requests.ts';
import type { Deleter } from './create-deleter.ts';
import { mergeAnnotations } from './merge-annotations.ts';

/**
 * Shows the annotations that the server has of a photo as its objects, when it is opened and when somebody comes back to
 * the page. What was changed here and not saved stays; where somebody else has changed the same, the saver is told.
 *
 * @param isRestored whether what this browser kept of the photo is in the store
 */
export function useFileAnnotations({
  fileId,
  store,
  saver,
  deleter,
  isRestored,
}: {
  fileId: number;
  store: PhotoStore;
  saver: Saver;
  deleter: Deleter;
  isRestored: boolean;
}) {
  const api = useApi();
  const annotations = useQuery({
    queryKey: ['annotations', api.project, 'file', fileId],
    queryFn: async ({ signal }) => {
      const { saving } = saver.getState();
      return { items: await readAllOfFile(api, fileId, signal), saving };
    },
    enabled: isRestored,
    refetchOnWindowFocus: 'always',
    gcTime: 0,
  });
  const { data, refetch } = annotations;
  useEffect(() => {
    if (data === undefined) return;
    // What was saved while the server was asked is not in its answer.
    if (data.saving !== saver.getState().saving || data.saving.size > 0)
      return afterSaving(saver, () => void refetch());
    const { added, renewed, gone, orphaned, conflicts } = mergeAnnotations(
      store.getState().history.present.objects,
      data.items,
    );
    const ignore = (ids: readonly string[]) => {
      for (const { id, annotation } of store.getState().history.present.objects) {
        if (annotation !== undefined && ids.includes(id)) deleter.ignore(annotation.id);
      }
    };
    ignore([...gone, ...orphaned]);
    for (const id of gone) store.actions.forget(id);
    for (const id of orphaned) store.actions.settle(id, { annotation: undefined });
    for (const { id, change } of renewed) store.actions.settle(id, change);
    for (const { id, theirs } of conflicts) saver.meet(id, theirs);
    const objects = added.filter(({ annotation }) => annotation === undefined || !deleter.hasDeleted(annotation.id));
    if (objects.length > 0) store.actions.restore({ objects });
  }, [data, refetch, store, saver, deleter]);
  return annotations;
}

/** Calls `then` once nothing is being saved. The returned function gives that up. */
function afterSaving(saver: Saver, then: () => void): () => void {
  if (saver.getState().saving.size === 0) {
    const timer = setTimeout(then);
    return () => clearTimeout(timer);
  }
  const unsubscribe = saver.subscribe(({ saving }) => {
    if (saving.size > 0) return;
    unsubscribe();
    then();
  });
  return unsubscribe;
}
