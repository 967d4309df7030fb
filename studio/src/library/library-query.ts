import type { components } from '../api/openapi.d.ts';
import type { LibraryFile } from './library-file.ts';

/** Orders of the library; what is searched for comes best match first unless an order is chosen. */
export const SORTS = ['newest', 'oldest', 'name'] as const;
/** Upload states by which the library is filtered. */
export const STATES = ['uploaded', 'missing'] as const;

/** Which files the library shows, and in what order: what its address says. */
export interface LibraryQuery {
  /** Words of the name; empty if nothing is searched for. */
  search: string;
  dataSetId?: number;
  state?: (typeof STATES)[number];
  sort?: (typeof SORTS)[number];
}

type Filter = NonNullable<components['schemas']['FileListRequest']['filter']>;

/** Reads what the address says; what it cannot mean is left out. */
export function readLibraryQuery(query: URLSearchParams): LibraryQuery {
  const dataSetId = Number(query.get('dataSet') ?? Number.NaN);
  const state = STATES.find((one) => one === query.get('state'));
  const sort = SORTS.find((one) => one === query.get('sort'));
  return {
    search: (query.get('search') ?? '').slice(0, 256),
    ...(Number.isSafeInteger(dataSetId) && dataSetId > 0 && { dataSetId }),
    ...(state && { state }),
    ...(sort && { sort }),
  };
}

/** Address of the library with this query, such as `/?search=boats`. */
export function libraryAddress({ search, dataSetId, state, sort }: LibraryQuery): string {
  const query = new URLSearchParams();
  if (search !== '') query.set('search', search);
  if (dataSetId !== undefined) query.set('dataSet', String(dataSetId));
  if (state !== undefined) query.set('state', state);
  if (sort !== undefined) query.set('sort', sort);
  return query.size === 0 ? '/' : `/?${query}`;
}

/** Whether the query shows all files, whatever their order. */
export const showsAll = ({ search, dataSetId, state }: LibraryQuery): boolean =>
  search.trim() === '' && dataSetId === undefined && state === undefined;

/** The filter of the API for a query; the search is no part of it. */
export const toFilter = ({ dataSetId, state }: LibraryQuery): Filter => ({
  ...(dataSetId !== undefined && { dataSetIds: [{ id: dataSetId }] }),
  ...(state !== undefined && { uploaded: state === 'uploaded' }),
});

/** Whether a file is among those that a query shows. */
export function matches({ search, dataSetId, state }: LibraryQuery, file: LibraryFile): boolean {
  if (dataSetId !== undefined && file.dataSetId !== dataSetId) return false;
  if (state !== undefined && file.uploaded !== (state === 'uploaded')) return false;
  const name = file.name.toLowerCase();
  const words = search.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [search.trim().toLowerCase()];
  return words.some((word) => name.includes(word));
}

/** Compares two files for an order: newest first unless it says otherwise. */
export function compareFiles(sort: LibraryQuery['sort'], locale?: string): (a: LibraryFile, b: LibraryFile) => number {
  if (sort === 'name') {
    const { compare } = new Intl.Collator(locale, { numeric: true });
    return (a, b) => compare(a.name, b.name) || a.id - b.id;
  }
  const newest = (a: LibraryFile, b: LibraryFile) => b.createdTime - a.createdTime || b.id - a.id;
  return sort === 'oldest' ? (a, b) => newest(b, a) : newest;
}
