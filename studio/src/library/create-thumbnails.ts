import { ApiError } from '../api/api-error.ts';
import type { Api } from '../api/create-api.ts';
import { busyForMs, isBusy } from '../api/wait-patiently.ts';
import type { LibraryFile } from './library-file.ts';

/** What is known of the small picture of a file. */
export interface Thumbnail {
  /** Address of the picture, within this page. */
  url?: string;
  /** Size of the photo itself in pixels, upright, where the server says it. */
  size?: { width: number; height: number };
  /** Why there is no picture: what is wrong with the photo, as the server says it. */
  problem?: Error;
}

/** The content of a file: another upload is another picture. */
type PhotoContent = Pick<LibraryFile, 'id' | 'uploadedTime'>;

/** Small pictures of files: fetched while someone looks at them, and kept for a while. */
export interface Thumbnails {
  /** What is known now. The answer is the same object until something changes. */
  get(file: PhotoContent): Thumbnail;
  /** Fetches the picture of a file; `changed` is called when more is known. The returned function ends the interest. */
  watch(file: PhotoContent, changed: () => void): () => void;
  /** Ends all requests and lets go of all pictures. */
  close(): void;
}

export interface ThumbnailsOptions {
  /** Pixels across. */
  width?: number;
  /** Most requests at the same time: a browser has six connections to a server, and others need some. */
  atOnce?: number;
  /** Most pictures that are kept when nobody looks at them. */
  kept?: number;
}

interface Entry {
  fileId: number;
  thumbnail: Thumbnail;
  watchers: Set<() => void>;
  /** Which were asked for together; later ones come first. */
  wave: number;
  state: 'waiting' | 'running' | 'done';
  abort?: AbortController;
}

const NOTHING_YET: Thumbnail = {};
/** Milliseconds until the next try after the server could not be reached. */
const AWAY_MS = 2000;
/** Milliseconds that a request goes on after its file has gone out of sight: a server that is half done loses nothing. */
const LINGER_MS = 500;

/**
 * Creates the thumbnails of a project. What came into sight last is fetched first, in the order of the page; what has
 * gone out of sight is given up. A busy server, or one that is away, is tried again.
 */
export function createThumbnails(
  { fetch }: Pick<Api, 'fetch'>,
  { width = 256, atOnce = 4, kept = 600 }: ThumbnailsOptions = {},
): Thumbnails {
  // In the order of the last use: the first are the first to go.
  const entries = new Map<string, Entry>();
  let wave = 0;
  let waveOpen = false;
  let running = 0;
  let pausedUntil = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const settle = (entry: Entry, thumbnail: Thumbnail, state: Entry['state']) => {
    entry.state = state;
    entry.thumbnail = thumbnail;
    for (const changed of entry.watchers) changed();
  };

  const pump = () => {
    const wait = pausedUntil - Date.now();
    if (wait > 0) {
      timer ??= setTimeout(() => {
        timer = undefined;
        pump();
      }, wait);
      return;
    }
    while (running < atOnce) {
      let next: Entry | undefined;
      for (const entry of entries.values()) {
        if (entry.state === 'waiting' && (next === undefined || entry.wave > next.wave)) next = entry;
      }
      if (next === undefined) return;
      void load(next);
    }
  };

  const load = async (entry: Entry) => {
    const abort = new AbortController();
    entry.abort = abort;
    entry.state = 'running';
    running += 1;
    try {
      const response = await fetch(`kontur/files/${entry.fileId}/thumbnail?width=${width}`, { signal: abort.signal });
      const blob = await response.blob();
      if (abort.signal.aborted) return;
      const size = sizeOf(response.headers);
      settle(entry, { url: URL.createObjectURL(blob), ...(size && { size }) }, 'done');
    } catch (error) {
      if (abort.signal.aborted) return;
      const isAway = error instanceof ApiError ? error.status === 0 : true;
      if (isBusy(error) || isAway) {
        pausedUntil = Date.now() + (isBusy(error) ? busyForMs(error) : AWAY_MS);
        entry.state = 'waiting';
      } else settle(entry, { problem: error as Error }, 'done');
    } finally {
      running -= 1;
      pump();
    }
  };

  const forgetOld = () => {
    if (entries.size <= kept) return;
    for (const [key, entry] of entries) {
      if (entry.watchers.size > 0) continue;
      entries.delete(key);
      release(entry);
      if (entries.size <= kept) return;
    }
  };

  const giveUp = (key: string, entry: Entry) => {
    if (entry.watchers.size > 0 || entry.thumbnail.url !== undefined) return;
    if (entries.get(key) === entry) entries.delete(key);
    entry.abort?.abort();
  };

  const openWave = () => {
    if (waveOpen) return;
    waveOpen = true;
    wave += 1;
    queueMicrotask(() => {
      waveOpen = false;
      pump();
    });
  };

  return {
    get: (file) => entries.get(keyOf(file))?.thumbnail ?? NOTHING_YET,
    watch(file, changed) {
      const key = keyOf(file);
      openWave();
      const found = entries.get(key);
      const entry: Entry = found ?? {
        fileId: file.id,
        thumbnail: NOTHING_YET,
        watchers: new Set(),
        wave,
        state: 'waiting',
      };
      entries.delete(key);
      entries.set(key, entry);
      entry.wave = wave;
      entry.watchers.add(changed);
      return () => {
        entry.watchers.delete(changed);
        if (entry.watchers.size > 0) return;
        // A fault of the server or the network is no property of the photo: the next look tries again.
        const isKnown = entry.thumbnail.url !== undefined || isOfPhoto(entry.thumbnail.problem);
        if (isKnown) forgetOld();
        else if (entry.state === 'running') setTimeout(() => giveUp(key, entry), LINGER_MS);
        else giveUp(key, entry);
      };
    },
    close() {
      clearTimeout(timer);
      for (const entry of entries.values()) release(entry);
      entries.clear();
    },
  };
}

/** A new upload is a new picture. */
const keyOf = ({ id, uploadedTime }: PhotoContent) => `${id} ${uploadedTime}`;

const isOfPhoto = (problem: Error | undefined) => problem instanceof ApiError && problem.status === 400;

function sizeOf(headers: Headers): Thumbnail['size'] {
  const [width, height] = ['width', 'height'].map((side) => Number(headers.get(`kontur-image-${side}`) ?? 0));
  return width && height ? { width, height } : undefined;
}

function release({ abort, thumbnail: { url } }: Entry): void {
  abort?.abort();
  if (url !== undefined) URL.revokeObjectURL(url);
}
