import type { OriginalAnswer, OriginalQuestion } from './original-worker.ts';
import type { PixelRect, Size } from './viewport.ts';

/** A part of a photo in its own pixels. */
export interface OriginalPart {
  bitmap: ImageBitmap;
  part: PixelRect;
}

/** The photo as it was uploaded, decoded in a worker, of which parts can be had. */
export interface Original {
  /** Asks for a part, scaled to a size in pixels; the newest question replaces one that waits. */
  ask(part: PixelRect, size: Size): void;
  /** The part that was asked for last and is there; undefined until one is. */
  part(): OriginalPart | undefined;
  /** Frees all of it. */
  close(): void;
}

/**
 * Opens the photo as it was uploaded: fetches and decodes it in a worker, which alone holds all of its pixels. A photo
 * that browsers show differently from what the engine sees, or cannot read, stays closed; the copy is shown then.
 *
 * @param link resolves to an address from which its bytes can be read
 * @param size of the upright photo in pixels; what is decoded has to have it
 * @param onPart called when a part is there
 */
export function openOriginal({
  link,
  size,
  onPart,
}: {
  link: (signal: AbortSignal) => Promise<string>;
  size: Size;
  onPart: () => void;
}): Original {
  const worker = new Worker(new URL('./original-worker.ts', import.meta.url), { type: 'module' });
  const end = new AbortController();
  let shown: OriginalPart | undefined;
  let isOpen = false;
  let isBusy = false;
  let waiting: OriginalQuestion | undefined;
  const post = (question: OriginalQuestion) => worker.postMessage(question);

  const next = () => {
    if (!isOpen || isBusy || waiting === undefined) return;
    isBusy = true;
    post(waiting);
    waiting = undefined;
  };

  worker.addEventListener('message', ({ data }: MessageEvent<OriginalAnswer>) => {
    if (data.kind === 'closed') return close();
    if (data.kind === 'opened') isOpen = true;
    else {
      isBusy = false;
      shown?.bitmap.close();
      shown = data;
      onPart();
    }
    next();
  });
  worker.addEventListener('error', () => close());

  const close = () => {
    end.abort();
    worker.terminate();
    isOpen = false;
  };

  link(end.signal).then(
    (url) => post({ kind: 'open', url, size }),
    () => close(),
  );

  return {
    ask(part, to) {
      waiting = { kind: 'part', part, size: to };
      next();
    },
    part: () => shown,
    close() {
      close();
      shown?.bitmap.close();
      shown = undefined;
    },
  };
}
