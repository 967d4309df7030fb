import type { Api } from '../api/create-api.ts';
import type { Preview } from './preview.ts';
import { toOutline } from './to-outline.ts';

/** Creates the preview by the server: `POST …/kontur/preview`. */
export function createServerPreview({ fetch }: Pick<Api, 'fetch'>): Preview {
  return {
    async ask(fileId, { points, boundingBox }, signal) {
      const start = performance.now();
      const response = await fetch('kontur/preview?rings=true', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ fileId, ...(points.length > 0 && { points }), boundingBox }),
        signal,
      });
      const { segments } = (await response.json()) as { segments: Parameters<typeof toOutline>[0][] };
      return { outlines: segments.map(toOutline), place: 'server', ms: performance.now() - start };
    },
  };
}
