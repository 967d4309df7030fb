import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useApi } from '../api/api-context.ts';
import { libraryOf } from '../library/create-library.ts';
import { isPhoto, type LibraryFile } from '../library/library-file.ts';
import { readLibraryQuery } from '../library/library-query.ts';

/** Files that are read beyond the open one. */
const AHEAD = 60;

/** The photos beside the open one, in the order in which the library shows them, and the place of the open one. */
export function useNeighbours(fileId: number): { files: readonly LibraryFile[]; place: number } {
  const api = useApi();
  const { i18n } = useTranslation();
  const library = libraryOf(api);
  const source = library.current() ?? library.open(readLibraryQuery(new URLSearchParams()), i18n.language);
  const { files, ended } = useStore(source.store);
  const place = files.findIndex(({ id }) => id === fileId);
  const missing = place < 0 || files.length < place + AHEAD;
  useEffect(() => {
    if (missing && !ended) void source.loadTo(place < 0 ? files.length + AHEAD : place + AHEAD);
  }, [source, missing, ended, place, files.length]);
  return { files, place };
}

/** The next photos after a place, which are prepared before they are opened. */
export const nextPhotos = (files: readonly LibraryFile[], place: number, count: number): number[] =>
  place < 0
    ? []
    : files
        .slice(place + 1)
        .filter(isPhoto)
        .slice(0, count)
        .map(({ id }) => id);
