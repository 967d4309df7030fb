import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import type { FileSource } from './create-file-source.ts';
import type { Library } from './create-library.ts';
import type { Thumbnail } from './create-thumbnails.ts';
import type { LibraryFile } from './library-file.ts';

/** The library that is shown, and the source of its files. */
export const LibraryContext = createContext<{ library: Library; source: FileSource } | undefined>(undefined);

/**
 * The library that is shown.
 *
 * @throws Error outside of the library's screen
 */
export function useLibrary(): { library: Library; source: FileSource } {
  const library = useContext(LibraryContext);
  if (library === undefined) throw new Error("useLibrary is called outside of the library's screen.");
  return library;
}

/** The small picture of a file, fetched while the component is shown. */
export function useThumbnail(file: LibraryFile): Thumbnail {
  const { thumbnails } = useLibrary().library;
  const { id, uploadedTime } = file;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a picture changes with the upload alone
  const watch = useCallback((changed: () => void) => thumbnails.watch(file, changed), [thumbnails, id, uploadedTime]);
  return useSyncExternalStore(watch, () => thumbnails.get(file));
}
