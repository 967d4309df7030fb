import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Api } from '../api/create-api.ts';
import { waitPatiently } from '../api/wait-patiently.ts';
import type { LibraryFile } from './library-file.ts';
import { compareFiles, type LibraryQuery, matches, toFilter } from './library-query.ts';
import { listByTime, type TimeWindow } from './list-by-time.ts';

/** Most files of a page of the API. */
const PAGE = 1000;

/** The files that a query shows, as far as they have been read. */
export interface FilesState {
  /** In the order of the query. */
  files: readonly LibraryFile[];
  /** How many there are in all; undefined until the server has said so. */
  total?: number;
  /** Whether all have been read. */
  ended: boolean;
  /** How many have been read that are not shown yet: their order is known only when all are there. */
  gathered: number;
  /** Whether there are more that match than the API finds in one search. */
  cutShort: boolean;
  /** Why reading came to a stand; `retry` goes on. */
  problem?: Error;
}

/** Reads the files of a query page by page, as they are needed. */
export interface FileSource {
  query: LibraryQuery;
  store: StoreApi<FilesState>;
  /** Wants at least so many files to be read; resolves when they are, or all are. */
  loadTo(count: number): Promise<void>;
  /** Goes on after a problem. */
  retry(): void;
  /** Reads what has been created since. */
  refresh(): Promise<void>;
  /** Puts a file in that was created or changed by this page. */
  put(file: LibraryFile): void;
  remove(ids: ReadonlySet<number>): void;
  close(): void;
}

/** Creates the source of a query. Nothing is read before `loadTo`. */
export function createFileSource(api: Api, query: LibraryQuery, locale?: string): FileSource {
  const store = createStore<FilesState>(() => ({ files: [], ended: false, gathered: 0, cutShort: false }));
  const { getState, setState } = store;
  const abort = new AbortController();
  const { signal } = abort;
  const { client, project } = api;
  const params = { path: { project } };
  const search = query.search.trim();
  const filter = toFilter(query);
  const compare = compareFiles(query.sort, locale);
  let goOn: (() => void) | undefined;

  /** Makes a request until it succeeds: what the server is too busy for is tried again, other failures wait for a person. */
  const persist = async <T>(request: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await waitPatiently(request, signal);
      } catch (error) {
        signal.throwIfAborted();
        setState({ problem: error as Error });
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
      }
    }
  };

  const within = (window?: TimeWindow) => ({ ...filter, ...(window && { createdTime: window }) });
  const count = (window?: TimeWindow) =>
    persist(async () => {
      const body = { filter: within(window) };
      const { data } = await client.POST('/api/v1/projects/{project}/files/aggregate', { params, body, signal });
      return data?.items[0]?.count ?? 0;
    });
  const pages = async function* (window?: TimeWindow) {
    let cursor: string | undefined;
    do {
      const body = { filter: within(window), limit: PAGE, ...(cursor !== undefined && { cursor }) };
      const page = await persist(async () => {
        const { data } = await client.POST('/api/v1/projects/{project}/files/list', { params, body, signal });
        return data;
      });
      yield page?.items ?? [];
      cursor = page?.nextCursor;
    } while (cursor !== undefined);
  };
  const list = async (window?: TimeWindow) => {
    const files: LibraryFile[] = [];
    for await (const page of pages(window)) files.push(...page);
    return files;
  };

  const find = async function* () {
    const body = { search: { name: search }, filter, limit: PAGE };
    const found = await persist(async () => {
      const { data } = await client.POST('/api/v1/projects/{project}/files/search', { params, body, signal });
      return data?.items ?? [];
    });
    setState({ total: found.length, cutShort: found.length === PAGE });
    yield query.sort === undefined ? found : found.toSorted(compare);
  };
  const gatherByName = async function* () {
    setState({ total: await count() });
    const all: LibraryFile[] = [];
    for await (const page of pages()) {
      all.push(...page);
      setState({ gathered: all.length });
    }
    yield all.sort(compare);
  };
  const readByTime = async function* () {
    const total = await count();
    setState({ total });
    const order = { oldestFirst: query.sort === 'oldest', total, now: Date.now() };
    for await (const batch of listByTime({ count, list }, order)) yield batch.sort(compare);
  };
  const batches = search !== '' ? find() : query.sort === 'name' ? gatherByName() : readByTime();

  let wanted = 0;
  let reading: Promise<void> | undefined;
  const read = async () => {
    while (getState().files.length < wanted && !getState().ended) {
      const { value, done } = await batches.next();
      const { files } = getState();
      if (done) setState({ ended: true, total: files.length, problem: undefined });
      else setState({ files: withoutTwice(files, value ?? []), problem: undefined });
    }
  };

  const put = (file: LibraryFile) => {
    const { files, total = 0 } = getState();
    const place = files.findIndex(({ id }) => id === file.id);
    if (place >= 0) {
      setState({ files: files.with(place, file) });
      return;
    }
    if (!matches(query, file)) return;
    setState({ total: total + 1 });
    // One that comes after all that have been read will be read with them.
    const behind = search !== '' && query.sort === undefined ? 0 : files.findIndex((one) => compare(file, one) < 0);
    if (behind >= 0) setState({ files: files.toSpliced(behind, 0, file) });
    else if (getState().ended || files.length === 0) setState({ files: [...files, file] });
  };

  return {
    query,
    store,
    loadTo(upTo) {
      wanted = Math.max(wanted, upTo);
      reading ??= read()
        .catch((error: unknown) => {
          if (!signal.aborted) throw error;
        })
        .finally(() => {
          reading = undefined;
        });
      return reading;
    },
    retry() {
      setState({ problem: undefined });
      goOn?.();
    },
    async refresh() {
      await reading;
      if (search !== '' || getState().total === undefined) return;
      const newest = getState().files.reduce((time, { createdTime }) => Math.max(time, createdTime), 0);
      const body = { filter: within({ min: newest }), limit: PAGE };
      const { data } = await client.POST('/api/v1/projects/{project}/files/list', { params, body, signal });
      for (const file of data?.items ?? []) put(file);
    },
    put,
    remove(ids) {
      const { files, total } = getState();
      const left = files.filter(({ id }) => !ids.has(id));
      setState({ files: left, ...(total !== undefined && { total: total - (files.length - left.length) }) });
    },
    close() {
      abort.abort();
      goOn?.();
    },
  };
}

/** Adds files; those that are there already (created while the list was read) stay where they are. */
function withoutTwice(files: readonly LibraryFile[], more: readonly LibraryFile[]): LibraryFile[] {
  const known = new Set(files.map(({ id }) => id));
  return [...files, ...more.filter(({ id }) => !known.has(id))];
}
