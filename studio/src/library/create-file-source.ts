import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Api } from '../api/create-api.ts';
import type { components } from '../api/openapi.d.ts';
import { waitPatiently } from '../api/wait-patiently.ts';
import type { LibraryFile } from './library-file.ts';
import { compareFiles, type LibraryQuery, matches, toFilter } from './library-query.ts';
import { listByTime, type TimeWindow } from './list-by-time.ts';

/** Most files of a page of the API. */
const PAGE = 1000;

/** Milliseconds by which a change may become visible after others that were made later. */
const LATE_MS = 60_000;

type FileList = components['schemas']['FileListRequest'];

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
  /**
   * Reads what others have created, changed or deleted since. Returns the ids of what has gone.
   *
   * @throws ApiError; the reason of the signal once the source is closed
   */
  refresh(): Promise<ReadonlySet<number>>;
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
  const countOnce = async (window?: TimeWindow) => {
    const body = { filter: within(window) };
    const { data } = await client.POST('/api/v1/projects/{project}/files/aggregate', { params, body, signal });
    return data?.items[0]?.count ?? 0;
  };
  const count = (window?: TimeWindow) => persist(() => countOnce(window));
  /** The newest change among all that the server has answered, by its own clock. */
  let newest = 0;
  const listOnce = async (asked: NonNullable<FileList['filter']>, cursor?: string) => {
    const body = { filter: asked, limit: PAGE, ...(cursor !== undefined && { cursor }) };
    const { data } = await client.POST('/api/v1/projects/{project}/files/list', { params, body, signal });
    for (const file of data?.items ?? []) newest = Math.max(newest, file.lastUpdatedTime, file.uploadedTime ?? 0);
    return data;
  };
  const pages = async function* (read: (cursor?: string) => ReturnType<typeof listOnce>) {
    let cursor: string | undefined;
    do {
      const page = await read(cursor);
      yield page?.items ?? [];
      cursor = page?.nextCursor;
    } while (cursor !== undefined);
  };
  const patientPages = (window?: TimeWindow) => pages((cursor) => persist(() => listOnce(within(window), cursor)));
  const changedSince = async function* (min: number) {
    // New content does not change the time of the record.
    for (const time of ['lastUpdatedTime', 'uploadedTime'] as const) {
      yield* pages((cursor) => listOnce({ ...within(), [time]: { min } }, cursor));
    }
  };
  const list = async (window?: TimeWindow) => {
    const files: LibraryFile[] = [];
    for await (const page of patientPages(window)) files.push(...page);
    return files;
  };

  const searchOnce = async () => {
    const body = { search: { name: search }, filter, limit: PAGE };
    const { data } = await client.POST('/api/v1/projects/{project}/files/search', { params, body, signal });
    const found = data?.items ?? [];
    return query.sort === undefined ? found : found.toSorted(compare);
  };
  const find = async function* () {
    const found = await persist(searchOnce);
    setState({ total: found.length, cutShort: found.length === PAGE });
    yield found;
  };
  const gatherByName = async function* () {
    setState({ total: await count() });
    const all: LibraryFile[] = [];
    for await (const page of patientPages()) {
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

  const remove = (ids: ReadonlySet<number>) => {
    if (ids.size === 0) return;
    const { files, total } = getState();
    const left = files.filter(({ id }) => !ids.has(id));
    setState({ files: left, ...(total !== undefined && { total: total - (files.length - left.length) }) });
  };

  /** Which of the files that have been read are not there any more, or do not match any more. */
  const findGone = async () => {
    const { files } = getState();
    const gone = new Set(files.map(({ id }) => id));
    for (let start = 0; start < files.length; start += PAGE) {
      const items = files.slice(start, start + PAGE).map(({ id }) => ({ id }));
      const body = { items, ignoreUnknownIds: true };
      const { data } = await client.POST('/api/v1/projects/{project}/files/byids', { params, body, signal });
      for (const file of data?.items ?? []) if (matches(query, file)) gone.delete(file.id);
    }
    return gone;
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
      if (getState().total === undefined || getState().problem !== undefined) return new Set();
      if (search !== '') {
        const found = await searchOnce();
        const still = new Set(found.map(({ id }) => id));
        const gone = getState().files.filter(({ id }) => !still.has(id));
        setState({ files: found, total: found.length, cutShort: found.length === PAGE });
        return new Set(gone.map(({ id }) => id));
      }
      const known = new Map(getState().files.map((file) => [file.id, file]));
      for await (const page of changedSince(Math.max(0, newest - LATE_MS))) {
        for (const file of page) if (!isSame(file, known.get(file.id))) put(file);
      }
      const now = await countOnce();
      // Only a deletion, or a file that the filter leaves out now, makes less than what this page knows of.
      const gone = now === getState().total ? new Set<number>() : await findGone();
      remove(gone);
      setState({ total: now });
      return gone;
    },
    put,
    remove,
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

const isSame = (file: LibraryFile, known: LibraryFile | undefined) =>
  file.lastUpdatedTime === known?.lastUpdatedTime && file.uploadedTime === known?.uploadedTime;
