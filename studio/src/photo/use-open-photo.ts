import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { createDeleter } from '../annotations/create-deleter.ts';
import { useFileAnnotations } from '../annotations/use-file-annotations.ts';
import { useApi } from '../api/api-context.ts';
import { ApiError } from '../api/api-error.ts';
import { createCanvasView } from '../canvas/canvas-view.ts';
import { previewOf } from '../preview/create-preview.ts';
import { hashQuery } from '../shell/hash-location.ts';
import { createPhotoStore } from './create-photo-store.ts';
import { createSaver } from './create-saver.ts';
import { warmerOf } from './create-warmer.ts';
import { parsePhotoAddress } from './photo-address.ts';
import { useKeptObjects } from './use-kept-objects.ts';
import { useFile, usePicture } from './use-photo.ts';
import { usePhotoAddress } from './use-photo-address.ts';

/** Answers that a photo that is gone, forbidden or broken gives to every question. */
const OF_PHOTO = [400, 403, 404];

/** Opens a photo: its record and picture, its objects and their storage, its address, and what the server prepares. */
export function useOpenPhoto(fileId: number) {
  const api = useApi();
  const store = useMemo(() => createPhotoStore({ fileId, preview: previewOf(api) }), [api, fileId]);
  const view = useMemo(() => createCanvasView(parsePhotoAddress(hashQuery()).view), []);
  const deleter = useMemo(() => createDeleter({ api, photo: store }), [api, store]);
  const saver = useMemo(() => createSaver({ api, fileId, photo: store, deleter }), [api, fileId, store, deleter]);
  useEffect(() => () => store.actions.close(), [store]);
  useEffect(() => () => saver.close(), [saver]);
  useEffect(() => () => deleter.close(), [deleter]);

  const file = useFile(fileId);
  const uploadedTime = file.data?.uploadedTime;
  const version = useVersion(uploadedTime);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version is another content
  useEffect(() => previewOf(api).renew(fileId), [api, fileId, version]);
  const picture = usePicture(fileId, version);
  const kept = useKeptObjects({ store, fileId }, uploadedTime);
  const annotations = useFileAnnotations({ fileId, store, saver, deleter, isRestored: kept.isRestored });
  usePhotoAddress({ fileId, store, view, isRestored: kept.isRestored });
  useEffect(() => {
    if (kept.isRestored) saver.resume();
  }, [kept.isRestored, saver]);

  const warmer = warmerOf(api);
  const warming = useQuery({
    queryKey: ['warm', api.project, fileId, version],
    queryFn: async ({ signal }) => {
      await warmer.warm(fileId, signal);
      return true;
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: (tries, error) => tries < 20 && error instanceof ApiError && error.status === 429,
    retryDelay: (_tries, error) => (error as ApiError).retryAfterMs ?? 1000,
  });
  const isAnswered = useStore(store, ({ ms }) => ms !== undefined);

  // What a preview says of the photo may be news: that it was deleted, or may no longer be read.
  const problem = useStore(store, (state) => state.problem);
  const { refetch } = file;
  useEffect(() => {
    if (problem instanceof ApiError && OF_PHOTO.includes(problem.status)) void refetch();
  }, [problem, refetch]);

  const isGone = file.error instanceof ApiError && OF_PHOTO.includes(file.error.status);
  const error = (isGone ? file.error : null) ?? picture.error;
  const isEncoding = warming.isPending && !isAnswered;
  const state = error !== null ? 'error' : picture.data === undefined ? 'loading' : isEncoding ? 'encoding' : 'ready';
  return { store, view, saver, deleter, annotations, warmer, file, picture, kept, state, error, isGone } as const;
}

/** A number that rises each time the content of the photo is replaced while it is open. */
function useVersion(uploadedTime: number | undefined): number {
  const [version, setVersion] = useState(0);
  const seen = useRef(uploadedTime);
  useEffect(() => {
    if (seen.current !== undefined && uploadedTime !== undefined && seen.current !== uploadedTime) {
      setVersion((now) => now + 1);
    }
    seen.current = uploadedTime ?? seen.current;
  }, [uploadedTime]);
  return version;
}
