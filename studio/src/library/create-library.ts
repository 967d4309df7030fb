import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Api } from '../api/create-api.ts';
import { createFileSource, type FileSource } from './create-file-source.ts';
import { createThumbnails, type Thumbnails } from './create-thumbnails.ts';
import { type LibraryQuery, libraryAddress } from './library-query.ts';
import { NO_SELECTION, type Selection } from './selection.ts';

/** What the library of a project remembers while other screens are shown. */
export interface Library {
  thumbnails: Thumbnails;
  selection: StoreApi<Selection>;
  /** Why files could not be deleted, by their ids. */
  failures: StoreApi<ReadonlyMap<number, Error>>;
  /** How far the grid is scrolled, in CSS pixels. */
  scrollTop: number;
  /** The source of a query: the one there is if it is of the same query, otherwise another instead of it. */
  open(query: LibraryQuery, locale: string): FileSource;
  /** The source that was opened last. */
  current(): FileSource | undefined;
}

const libraries = new WeakMap<Api, Library>();

/** The library of a project, made when it is first asked for. */
export function libraryOf(api: Api): Library {
  const found = libraries.get(api);
  if (found !== undefined) return found;
  const library = createLibrary(api);
  libraries.set(api, library);
  return library;
}

function createLibrary(api: Api): Library {
  let source: FileSource | undefined;
  return {
    thumbnails: createThumbnails(api),
    selection: createStore(() => NO_SELECTION),
    failures: createStore((): ReadonlyMap<number, Error> => new Map()),
    scrollTop: 0,
    open(query, locale) {
      if (source !== undefined && libraryAddress(source.query) === libraryAddress(query)) return source;
      if (source !== undefined) {
        source.close();
        this.scrollTop = 0;
        this.selection.setState(NO_SELECTION);
      }
      source = createFileSource(api, query, locale);
      return source;
    },
    current: () => source,
  };
}
