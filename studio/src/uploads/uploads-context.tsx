import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react';
import { useApi } from '../api/api-context.ts';
import { libraryOf } from '../library/create-library.ts';
import { createUploads, type Uploads } from './create-uploads.ts';
import { isOpen } from './upload.ts';
import { createPhotoWarmer } from './warm-photos.ts';

const UploadsContext = createContext<Uploads | undefined>(undefined);

/**
 * Keeps the queue of uploads for the screens below it, shows new photos in the library, has them prepared, and asks
 * before the page is left.
 */
export function UploadsProvider({ children }: { children: ReactNode }) {
  const api = useApi();
  const uploads = useMemo(() => createUploads(api), [api]);
  useEffect(() => {
    const warmer = createPhotoWarmer(api);
    // The library is not on the screen all the time, but keeps what it has read.
    const library = libraryOf(api);
    const stopListening = uploads.subscribe((file, gone) => {
      if (gone) library.current()?.remove(new Set([file.id]));
      else library.current()?.put(file);
      if (file.uploaded && !gone) warmer.add(file.id);
    });
    const ask = (event: BeforeUnloadEvent) => {
      if (uploads.store.getState().uploads.some(isOpen)) event.preventDefault();
    };
    addEventListener('beforeunload', ask);
    return () => {
      removeEventListener('beforeunload', ask);
      stopListening();
      warmer.close();
      uploads.cancelAll();
    };
  }, [api, uploads]);
  return <UploadsContext value={uploads}>{children}</UploadsContext>;
}

/**
 * The queue of uploads.
 *
 * @throws Error outside of `UploadsProvider`
 */
export function useUploads(): Uploads {
  const uploads = useContext(UploadsContext);
  if (uploads === undefined) throw new Error('useUploads is called outside of UploadsProvider.');
  return uploads;
}
