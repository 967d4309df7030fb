import type { Api } from '../api/create-api.ts';
import type { BrowserDecoder } from '../decoder/create-decoder.ts';
import type { Preview } from './preview.ts';
import { toOutline } from './to-outline.ts';

/** The preview by this browser's own decoder, which is loaded in the background. */
export interface BrowserPreview extends Preview {
  /** Has the decoder loaded, and the photo brought to it, in the background; what fails is tried again at a later call. */
  prepare(fileId: number): void;
  /** Whether prompts on the photo can be answered without a wait. */
  isReady(fileId: number): boolean;
  /** Has the content of the photo looked at again with the next `prepare`: it may have been replaced. */
  renew(fileId: number): void;
  /** Ends the decoder. */
  close(): void;
}

/** Time after which what failed is tried again, in milliseconds. */
const TRY_AGAIN_MS = 5000;

/** Creates the preview by the browser; its code and the decoder are loaded when the first photo is prepared. */
export function createBrowserPreview(api: Pick<Api, 'fetch'>): BrowserPreview {
  let decoder: BrowserDecoder | undefined;
  const ready = new Set<number>();
  const preparing = new Set<number>();
  let triesAt = 0;

  async function prepare(fileId: number): Promise<void> {
    const { createBrowserDecoder } = await import('../decoder/create-decoder.ts');
    decoder ??= createBrowserDecoder({ api });
    await decoder.open(fileId);
    if (preparing.has(fileId)) ready.add(fileId);
  }

  return {
    prepare(fileId) {
      if (ready.has(fileId) || preparing.has(fileId) || performance.now() < triesAt) return;
      preparing.add(fileId);
      prepare(fileId)
        .catch(() => {
          triesAt = performance.now() + TRY_AGAIN_MS;
        })
        .finally(() => preparing.delete(fileId));
    },
    isReady: (fileId) => decoder?.state === 'ready' && ready.has(fileId),
    renew(fileId) {
      ready.delete(fileId);
      preparing.delete(fileId);
    },
    close() {
      ready.clear();
      preparing.clear();
      decoder?.close();
    },
    async ask(fileId, { points, boundingBox }, signal) {
      if (decoder === undefined) throw new Error('The decoder is asked before it has been loaded.');
      const { segments, ms } = await decoder.segment(fileId, { points: [...points], boundingBox }, signal);
      return { outlines: segments.map(toOutline), place: 'browser', ms };
    },
  };
}
