import { useEffect } from 'react';
import type { Library } from './create-library.ts';
import { without } from './selection.ts';

/** How often the library is compared with the server's while somebody sees it, in milliseconds. */
const COMPARED_EVERY_MS = 20_000;

/** Reads the files of the library, and what others add, change or delete: now and then, and when somebody comes back. */
export function useFreshFiles(library: Library, source: ReturnType<Library['open']>): void {
  useEffect(() => {
    let isRunning = false;
    let isWanted = false;
    const refresh = async () => {
      isWanted = true;
      if (isRunning) return;
      isRunning = true;
      while (isWanted && document.visibilityState !== 'hidden') {
        isWanted = false;
        // The notice of the frame says it where the server is away; the next time comes soon.
        const gone = await source.refresh().catch(() => new Set<number>());
        if (gone.size > 0) library.selection.setState((now) => without(now, gone), true);
      }
      isRunning = false;
    };
    const wasRead = source.store.getState().total !== undefined;
    void source.loadTo(1);
    if (wasRead) void refresh();
    const now = () => void refresh();
    const timer = setInterval(now, COMPARED_EVERY_MS);
    addEventListener('focus', now);
    document.addEventListener('visibilitychange', now);
    return () => {
      clearInterval(timer);
      removeEventListener('focus', now);
      document.removeEventListener('visibilitychange', now);
    };
  }, [library, source]);
}
