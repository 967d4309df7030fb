import { checkPrompt, type UncheckedPrompt } from '#contract/vision/check-prompt';
import type { ImageWindow } from '#geometry/image-window';
import type { Api } from '../api/create-api.ts';
import { DecoderFailure } from './decoder-failure.ts';
import type { DecodedSegments, DecoderAnswer, DecoderRequest, PhotoEmbedding } from './decoder-messages.ts';
import { findDecoder, hasWebAssembly, readEmbedding, type UsableDecoder } from './find-decoder.ts';
import { embeddingKey } from './held-embeddings.ts';

/** What a decoder of this browser answers, and the time from the question to the answer. */
export interface DecodedAnswer extends DecodedSegments {
  ms: number;
}

/** The decoder of this browser: answers prompts as a preview of the server does, vertex by vertex up to rounding. */
export interface BrowserDecoder {
  /** `unavailable`: the server alone answers; `failure` says why. */
  readonly state: 'idle' | 'loading' | 'ready' | 'unavailable';
  readonly failure: DecoderFailure | undefined;
  /** Calls a listener after each change of the state, until the function that it returns is called. */
  onChange(listener: () => void): () => void;
  /**
   * Loads the decoder, unless that has been done; tries again where it could not be fetched.
   *
   * @throws DecoderFailure
   */
  load(): Promise<void>;
  /**
   * Brings the embedding of a photo to the decoder; the server encodes the photo where that has not been done.
   *
   * @throws DecoderFailure; ApiError if the server refuses or does not answer; the signal's reason once it is aborted
   */
  open(fileId: number, signal?: AbortSignal): Promise<void>;
  /**
   * Answers a prompt on a photo. One prompt is answered at a time; of those that wait, the newest.
   *
   * @param prompt in fractions of the photo
   * @throws DOMException `AbortError` if a newer prompt took its place; KonturError for a prompt that breaks a rule; and
   *   as `open` does
   */
  segment(fileId: number, prompt: UncheckedPrompt, signal?: AbortSignal): Promise<DecodedAnswer>;
  /** Ends the worker; requests that are open are rejected. */
  close(): void;
}

interface Request {
  id: number;
  fileId: number;
  start(): DecoderRequest | undefined;
  settle(answer: DecodedSegments | Error): void;
  /** Ends fetching for this request. */
  signal: AbortSignal;
  /** Why an embedding could not be fetched for it. */
  failure?: Error;
}

/** More threads than this gain nothing. */
const MOST_THREADS = 4;
/** Failures after which loading is worth another try. */
const PASSING = ['not-loaded'];

/** Creates a decoder that is loaded with the first call that needs it. */
export function createBrowserDecoder({ api }: { api: Pick<Api, 'fetch'> }): BrowserDecoder {
  const listeners = new Set<() => void>();
  /** Keys of the embeddings of photos that have been opened, by the id of the file. */
  const opened = new Map<number, string>();
  let state: BrowserDecoder['state'] = 'idle';
  let failure: DecoderFailure | undefined;
  let loading: Promise<UsableDecoder> | undefined;
  let worker: Worker | undefined;
  /** Ends a start that has not come to its end. */
  let stopStart: ((why: Error) => void) | undefined;
  let starts = 0;
  let lastId = 0;
  let running: Request | undefined;
  let waiting: Request | undefined;

  function change(to: BrowserDecoder['state'], why?: DecoderFailure): void {
    state = to;
    failure = why;
    for (const listener of [...listeners]) listener();
  }
  function send(request: DecoderRequest, transfer: Transferable[] = []): void {
    worker?.postMessage(request, transfer);
  }
  function end(why: Error): void {
    worker?.terminate();
    worker = undefined;
    stopStart?.(why);
    opened.clear();
    for (const request of [running, waiting]) request?.settle(why);
    running = undefined;
    waiting = undefined;
  }
  function fail(why: DecoderFailure, request?: Request): void {
    request?.settle(why);
    if (state === 'unavailable') return;
    end(why);
    change('unavailable', why);
  }

  async function start(): Promise<UsableDecoder> {
    const own = ++starts;
    change('loading');
    try {
      if (!hasWebAssembly()) throw new DecoderFailure('no-webassembly', 'This browser has no WebAssembly with SIMD.');
      const usable = await findDecoder(api);
      if (own !== starts) throw closed();
      await startWorker(usable);
      change('ready');
      return usable;
    } catch (error) {
      if (own !== starts) throw error;
      const why = error instanceof DecoderFailure ? error : new DecoderFailure('broken', String(error));
      fail(why);
      throw why;
    }
  }
  function startWorker({ file }: UsableDecoder): Promise<void> {
    const threads = crossOriginIsolated ? Math.min(navigator.hardwareConcurrency, MOST_THREADS) : 1;
    return new Promise((resolve, reject) => {
      stopStart = reject;
      const started = new Worker(new URL('./decoder-worker.ts', import.meta.url), { type: 'module', name: 'decoder' });
      worker = started;
      started.onmessage = ({ data }: MessageEvent<DecoderAnswer>) => {
        if (data.kind === 'ready') resolve();
        else if (data.kind === 'failed') reject(new DecoderFailure(data.reason, data.message));
        else take(data);
      };
      started.onerror = ({ message }) => {
        const why = new DecoderFailure('broken', message ?? 'The worker cannot be started.');
        reject(why);
        if (worker === started && state === 'ready') fail(why);
      };
      send({ kind: 'load', decoder: { ...file, url: new URL(file.url, location.origin).href }, threads });
    });
  }
  function load(): Promise<UsableDecoder> {
    if (failure !== undefined && !PASSING.includes(failure.reason)) return Promise.reject(failure);
    if (failure !== undefined) loading = undefined;
    loading ??= start();
    return loading;
  }

  /** Fetches an embedding; one of other rules or another model than the decoder's ends the decoder. */
  async function fetchEmbedding(
    fileId: number,
    { window, signal }: { window?: ImageWindow; signal?: AbortSignal },
  ): Promise<PhotoEmbedding> {
    const query = window ? `?window=${[window.left, window.top, window.width, window.height].join(',')}` : '';
    const response = await api.fetch(`kontur/files/${fileId}/embedding${query}`, { signal });
    try {
      return await readEmbedding(response, await load());
    } catch (error) {
      if (error instanceof DecoderFailure) fail(error);
      throw error;
    }
  }
  async function open(fileId: number, signal?: AbortSignal): Promise<void> {
    const [embedding] = await Promise.all([fetchEmbedding(fileId, { signal }), load()]);
    if (worker === undefined) throw failure ?? closed();
    opened.set(fileId, embedding.key);
    send({ kind: 'embedding', id: 0, embedding }, [embedding.data.buffer]);
  }

  function take(answer: Exclude<DecoderAnswer, { kind: 'ready' | 'failed' }>): void {
    const request = running;
    if (request === undefined || request.id !== answer.id) return;
    if (answer.kind === 'need') {
      void bring(request, answer.window);
      return;
    }
    running = undefined;
    if (answer.kind === 'segments') request.settle(answer.found);
    else if (answer.kind === 'ended') request.settle(request.failure ?? closed());
    else fail(new DecoderFailure('broken', answer.message), request);
    next();
  }
  /** Brings what a request under way needs to the worker. */
  async function bring(request: Request, window?: ImageWindow): Promise<void> {
    const { id, fileId, signal } = request;
    try {
      const embedding = await fetchEmbedding(fileId, { window, signal });
      if (embedding.key !== embeddingKey(opened.get(fileId) ?? '', window)) {
        opened.delete(fileId);
        throw new Error('The photo has changed since it was opened.');
      }
      send({ kind: 'embedding', id, embedding }, [embedding.data.buffer]);
    } catch (error) {
      request.failure = error as Error;
      send({ kind: 'give-up', id });
    }
  }
  function next(): void {
    if (running !== undefined || waiting === undefined) return;
    running = waiting;
    waiting = undefined;
    const message = running.start();
    if (message !== undefined) send(message);
  }

  return {
    get state() {
      return state;
    },
    get failure() {
      return failure;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    load: async () => void (await load()),
    open,
    async segment(fileId, unchecked, signal) {
      const asked = performance.now();
      const prompt = checkPrompt(unchecked, Number.POSITIVE_INFINITY);
      const { detailWindows } = await load();
      if (!opened.has(fileId)) await open(fileId, signal);
      signal?.throwIfAborted();
      const id = ++lastId;
      const ended = new AbortController();
      const found = await new Promise<DecodedSegments>((resolve, reject) => {
        const giveUp = () => {
          ended.abort(signal?.reason);
          if (running?.id === id) send({ kind: 'give-up', id });
          if (waiting?.id === id) waiting = undefined;
          reject(signal?.reason);
        };
        waiting?.settle(new DOMException('A newer prompt took its place.', 'AbortError'));
        waiting = {
          id,
          fileId,
          signal: ended.signal,
          start: () => ({ kind: 'segment', id, photo: opened.get(fileId) ?? '', prompt, detailWindows }),
          settle(answer) {
            signal?.removeEventListener('abort', giveUp);
            if (answer instanceof Error) reject(answer);
            else resolve(answer);
          },
        };
        signal?.addEventListener('abort', giveUp, { once: true });
        next();
      });
      return { ...found, ms: performance.now() - asked };
    },
    close() {
      starts++;
      loading = undefined;
      end(closed());
      change('idle');
    },
  };
}

const closed = () => new DOMException('The decoder was closed.', 'AbortError');
