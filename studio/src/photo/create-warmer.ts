import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Api } from '../api/create-api.ts';

/** Lets the server encode photos before somebody marks on them. */
export interface Warmer {
  /** Photos that the server has encoded lately. */
  ready: StoreApi<ReadonlySet<number>>;
  /** What the server computes with, such as `mobilesam int8`; undefined until it has encoded a photo. */
  model(): string | undefined;
  /** How long photos lately took to be encoded, in milliseconds; undefined until one has been measured. */
  usualMs(): number | undefined;
  /** Encodes a photo that somebody waits for. @throws ApiError if the server is busy, or the photo broken or gone */
  warm(fileId: number, signal: AbortSignal): Promise<void>;
  /** Encodes photos one after another, instead of those named before. A busy server is left alone. */
  warmNext(fileIds: readonly number[]): void;
}

/** Encodings of which the middle one counts. */
const MOST_MEASURED = 5;
/** An answer quicker than this, in milliseconds, comes from the server's memory. */
const FROM_MEMORY_MS = 150;
/** Photos that the server is thought to remember. */
const MOST_READY = 64;

const warmers = new WeakMap<Api, Warmer>();

/** The warmer of a project, made when it is first asked for. */
export function warmerOf(api: Api): Warmer {
  const found = warmers.get(api) ?? createWarmer(api);
  warmers.set(api, found);
  return found;
}

function createWarmer({ fetch }: Pick<Api, 'fetch'>): Warmer {
  const ready = createStore((): ReadonlySet<number> => new Set());
  let measured: number[] = [];
  let model: string | undefined;
  let current: AbortController | undefined;

  const warm = async (fileId: number, signal: AbortSignal) => {
    const start = performance.now();
    // Of the answer that carries the embedding, the head alone: the photo is encoded, and nothing transferred.
    const { headers } = await fetch(`kontur/files/${fileId}/embedding`, { method: 'HEAD', signal });
    model = headers.get('kontur-model')?.replace('; precision=', ' ');
    const ms = performance.now() - start;
    if (ms > FROM_MEMORY_MS) measured = [ms, ...measured].slice(0, MOST_MEASURED);
    ready.setState(new Set([...ready.getState(), fileId].slice(-MOST_READY)), true);
  };

  return {
    ready,
    model: () => model,
    usualMs() {
      const sorted = measured.toSorted((one, other) => one - other);
      return sorted[Math.floor(sorted.length / 2)];
    },
    warm,
    warmNext(fileIds) {
      current?.abort();
      const abort = new AbortController();
      current = abort;
      const warmAll = async () => {
        for (const fileId of fileIds) if (!ready.getState().has(fileId)) await warm(fileId, abort.signal);
      };
      void warmAll().catch(() => {});
    },
  };
}
