import { useEffect, useMemo, useState } from 'react';
import { useApi } from '../api/api-context.ts';
import { createPhotoKeeper } from '../objects/photo-keeper.ts';
import type { PhotoStore } from './create-photo-store.ts';
import { readLabelDraft } from './label-draft.ts';

/** Milliseconds that changes are gathered before they are written. */
const GATHERED_MS = 250;

/** What is known of the objects that this browser keeps of a photo. */
export interface KeptObjects {
  /** Whether what was kept is in the store. */
  isRestored: boolean;
  /** Why this browser keeps nothing. */
  problem?: Error;
  /** Whether the objects were marked on other content than the photo has now. */
  isReplaced: boolean;
  /** Takes the objects as they are for the content that the photo has now. */
  accept(): void;
}

/**
 * Puts the objects into the store that this browser has kept of a photo, and keeps every change of them: within a
 * second, and before the page is left.
 *
 * @param uploadedTime of the content of the photo, in milliseconds since 1970; undefined while it is not known
 */
export function useKeptObjects(
  { store, fileId }: { store: PhotoStore; fileId: number },
  uploadedTime: number | undefined,
): KeptObjects {
  const { project } = useApi();
  const keeper = useMemo(() => createPhotoKeeper(project, fileId), [project, fileId]);
  const [isRestored, setRestored] = useState(false);
  const [problem, setProblem] = useState<Error>();
  const [markedOn, setMarkedOn] = useState<number>();

  useEffect(() => {
    let isGone = false;
    keeper
      .read()
      .then(
        (kept) => {
          if (isGone || kept === undefined) return;
          store.actions.restore(kept);
          setMarkedOn(kept.objects.length > 0 ? kept.uploadedTime : undefined);
          const draft = readLabelDraft();
          if (kept.objects.some(({ id }) => id === draft?.objectId)) store.actions.askLabel(draft?.objectId);
        },
        (error: unknown) => setProblem(error as Error),
      )
      .finally(() => setRestored(true));
    return () => {
      isGone = true;
    };
  }, [keeper, store]);

  const hasObjects = markedOn !== undefined;
  useEffect(() => {
    if (!hasObjects && uploadedTime !== undefined) setMarkedOn(uploadedTime);
  }, [hasObjects, uploadedTime]);

  useEffect(() => {
    if (!isRestored) return;
    return keeper.follow(() => store.getState().history.present.objects, store.actions.adopt);
  }, [isRestored, keeper, store]);

  useEffect(() => {
    if (!isRestored) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let written = store.getState().history.present;
    const write = (isLast = false) => {
      clearTimeout(timer);
      timer = undefined;
      const { present } = store.getState().history;
      if (present === written) return;
      written = present;
      keeper.write({ ...present, uploadedTime: markedOn }, { isLast }).then(
        () => setProblem(undefined),
        (error: unknown) => setProblem(error as Error),
      );
    };
    const unsubscribe = store.subscribe(({ history }) => {
      if (history.present !== written) timer ??= setTimeout(write, GATHERED_MS, false);
    });
    const writeHidden = () => {
      if (document.visibilityState === 'hidden') write(true);
    };
    const writeLast = () => write(true);
    addEventListener('pagehide', writeLast);
    document.addEventListener('visibilitychange', writeHidden);
    return () => {
      unsubscribe();
      removeEventListener('pagehide', writeLast);
      document.removeEventListener('visibilitychange', writeHidden);
      write();
    };
  }, [isRestored, keeper, store, markedOn]);

  const accept = () => {
    setMarkedOn(uploadedTime);
    const { present } = store.getState().history;
    void keeper.write({ ...present, uploadedTime }).catch((error: unknown) => setProblem(error as Error));
  };
  const isReplaced = markedOn !== undefined && uploadedTime !== undefined && markedOn !== uploadedTime;
  return { isRestored, problem, isReplaced, accept };
}
