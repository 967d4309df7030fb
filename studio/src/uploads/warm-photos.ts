import type { Api } from '../api/create-api.ts';
import { waitPatiently } from '../api/wait-patiently.ts';

/** Most photos that wait to be prepared: more would push each other out of the server's memory again. */
const MOST_WAITING = 32;

/** Lets the server prepare photos in the background, so that the first outline comes quickly when one is opened. */
export interface PhotoWarmer {
  add(fileId: number): void;
  close(): void;
}

/** Creates the warmer. It asks for one photo at a time, the newest first; what fails is left for when it is opened. */
export function createPhotoWarmer({ fetch }: Pick<Api, 'fetch'>): PhotoWarmer {
  const abort = new AbortController();
  const waiting: number[] = [];
  let running = false;

  const work = async () => {
    running = true;
    for (let fileId = waiting.pop(); fileId !== undefined && !abort.signal.aborted; fileId = waiting.pop()) {
      await warm(fileId).catch(() => {});
    }
    running = false;
  };
  const warm = (fileId: number) =>
    waitPatiently(async () => {
      const body = JSON.stringify({ fileId, points: [{ x: 0.5, y: 0.5, label: 1 }] });
      const headers = { 'content-type': 'application/json' };
      await fetch('kontur/preview', { method: 'POST', headers, body, signal: abort.signal });
    }, abort.signal);

  return {
    add(fileId) {
      waiting.push(fileId);
      if (waiting.length > MOST_WAITING) waiting.shift();
      if (!running) void work();
    },
    close: () => abort.abort(),
  };
}
