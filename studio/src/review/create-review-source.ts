import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Annotation } from '../annotations/annotation.ts';
import { readAnnotations } from '../annotations/annotation-requests.ts';
import type { Api } from '../api/create-api.ts';
import { waitPatiently } from '../api/wait-patiently.ts';
import { matches, type ReviewQuery } from './review-query.ts';

/** Annotations of a page. */
const PAGE = 250;

/** The annotations that a query shows, as far as they have been read. */
export interface ReviewItems {
  /** In the order in which they were read: the one that was changed last first. */
  items: readonly Annotation[];
  /** Whether all have been read. */
  ended: boolean;
  /** Why reading came to a stand; `retry` goes on. */
  problem?: Error;
}

/** Reads the annotations of a query page by page, as they are needed. */
export interface ReviewSource {
  query: ReviewQuery;
  store: StoreApi<ReviewItems>;
  /** Wants at least so many to be read; resolves when they are, or all are. */
  loadTo(count: number): Promise<void>;
  /** Goes on after a problem. */
  retry(): void;
  /** Reads what has changed since. */
  refresh(): Promise<void>;
  close(): void;
}

/** Creates the source of a query. Nothing is read before `loadTo`. */
export function createReviewSource(api: Pick<Api, 'fetch'>, query: ReviewQuery): ReviewSource {
  const store = createStore<ReviewItems>(() => ({ items: [], ended: false }));
  const { getState, setState } = store;
  const abort = new AbortController();
  const { signal } = abort;
  let cursor: string | undefined;
  let wanted = 0;
  let reading: Promise<void> | undefined;

  const page = (filter: ReviewQuery, from: string | undefined) =>
    waitPatiently(() => readAnnotations(api, { ...filter, limit: PAGE, cursor: from }, signal), signal);

  const read = async () => {
    while (getState().items.length < wanted && !getState().ended) {
      const { items, nextCursor } = await page(query, cursor);
      cursor = nextCursor ?? undefined;
      const known = new Set(getState().items.map(({ id }) => id));
      const fresh = items.filter(({ id }) => !known.has(id));
      setState({ items: [...getState().items, ...fresh], ended: cursor === undefined, problem: undefined });
    }
  };

  const loadTo = (count: number) => {
    wanted = Math.max(wanted, count);
    if (getState().problem !== undefined) return Promise.resolve();
    reading ??= read()
      .catch((error: unknown) => {
        if (!signal.aborted) setState({ problem: error as Error });
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };

  return {
    query,
    store,
    loadTo,
    retry() {
      setState({ problem: undefined });
      void loadTo(wanted);
    },
    async refresh() {
      await reading;
      const newest = getState().items.reduce((time, { lastUpdatedTime }) => Math.max(time, lastUpdatedTime), 0);
      // What has changed may no longer be what the query shows.
      const { status: _, label: __, ...filter } = query;
      const changed: Annotation[] = [];
      let from: string | undefined;
      do {
        const { items, nextCursor } = await page(filter, from);
        const isAllNew = items.every(({ lastUpdatedTime }) => lastUpdatedTime > newest);
        if (isAllNew && nextCursor) {
          // So much is new that it is read from the start.
          cursor = undefined;
          wanted = PAGE;
          setState({ items: [], ended: false, problem: undefined });
          return loadTo(PAGE);
        }
        changed.push(...items.filter(({ lastUpdatedTime }) => lastUpdatedTime > newest));
        from = (items.at(-1)?.lastUpdatedTime ?? 0) > newest ? (nextCursor ?? undefined) : undefined;
      } while (from !== undefined);
      const byId = new Map(changed.map((one) => [one.id, one]));
      const { items } = getState();
      const known = new Set(items.map(({ id }) => id));
      const added = changed.filter((one) => !known.has(one.id) && matches(query, one));
      setState({ items: [...added, ...items.map((one) => byId.get(one.id) ?? one)] });
    },
    close: () => abort.abort(),
  };
}
