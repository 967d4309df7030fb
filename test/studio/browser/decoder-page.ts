import { createBrowserDecoder } from '../../../studio/src/decoder/create-decoder.ts';
import type { BareRequest, BareTimes } from './bare-decoder-worker.ts';

/** Creates a decoder whose API asks with this token, as the studio's does. */
function createDecoder(token: string) {
  const base = `${location.origin}/api/v1/projects/demo/`;
  return createBrowserDecoder({
    api: {
      async fetch(path, init) {
        const response = await fetch(new URL(path, base), { ...init, headers: { authorization: `Bearer ${token}` } });
        if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
        return response;
      },
    },
  });
}

/** Times the decoder alone, in a worker that does nothing else. */
const timeBareDecoder = (request: BareRequest): Promise<BareTimes> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./bare-decoder-worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<BareTimes>) => {
      resolve(data);
      worker.terminate();
    };
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(request);
  });

/** What tests find in the page. */
const page = { createDecoder, timeBareDecoder };
export type DecoderPage = typeof page;
Object.assign(globalThis, page);
