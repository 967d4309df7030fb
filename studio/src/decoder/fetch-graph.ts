import { DecoderFailure } from './decoder-failure.ts';
import type { DecoderFile } from './decoder-messages.ts';

/** Name of the storage for graphs: a browser's own cache may be too small for one. */
const STORAGE = 'kontur-decoders';

/**
 * Fetches the graph of a decoder, or finds it in the storage of this browser, which holds the last one. Either is
 * checked against its hash.
 *
 * @throws DecoderFailure
 */
export async function fetchGraph(file: DecoderFile): Promise<ArrayBuffer> {
  if (globalThis.crypto?.subtle === undefined) {
    throw new DecoderFailure('not-secure', 'The decoder cannot be checked on a page that came by plain HTTP.');
  }
  const storage = await globalThis.caches?.open(STORAGE).catch(() => undefined);
  const stored = await storage?.match(file.url).then((found) => found?.arrayBuffer(), unavailable);
  if (stored !== undefined && (await isWhole(stored, file))) return stored;

  // The second time past the browser's cache, which may keep a damaged file for ever.
  for (const cache of ['default', 'reload'] as const) {
    const graph = await fetch(file.url, { cache }).then(
      (response) => (response.ok ? response.arrayBuffer() : undefined),
      unavailable,
    );
    if (graph === undefined) throw new DecoderFailure('not-loaded', 'The decoder cannot be fetched.');
    if (!(await isWhole(graph, file))) continue;
    if (storage !== undefined) void keepOnly(storage, file.url, graph).catch(unavailable);
    return graph;
  }
  throw new DecoderFailure('not-loaded', 'The decoder was damaged on its way.');
}

const unavailable = (): undefined => undefined;

async function keepOnly(storage: Cache, url: string, graph: ArrayBuffer): Promise<void> {
  for (const other of await storage.keys()) await storage.delete(other);
  await storage.put(url, new Response(graph));
}

async function isWhole(graph: ArrayBuffer, { sha256, bytes }: DecoderFile): Promise<boolean> {
  if (graph.byteLength !== bytes) return false;
  const digest = [...new Uint8Array(await crypto.subtle.digest('SHA-256', graph))];
  return digest.map((byte) => byte.toString(16).padStart(2, '0')).join('') === sha256;
}
