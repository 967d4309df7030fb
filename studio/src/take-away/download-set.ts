import type { Api } from '../api/create-api.ts';
import { waitPatiently } from '../api/wait-patiently.ts';
import { saveFile } from './save-file.ts';

/** Formats in which the server writes whole sets. */
export const SET_FORMATS = ['coco', 'yolo', 'labelme', 'csv'] as const;
/** Format in which the server writes a whole set. */
export type SetFormat = (typeof SET_FORMATS)[number];

/**
 * Downloads a set that the server writes.
 *
 * @param query what the server is asked for; undefined values are left out
 * @param options.target file to write to while it comes; without one it goes to the browser's downloads at the end
 * @param options.tell told of the bytes that have come so far
 * @returns name of the file
 * @throws ApiError if the server refused or does not answer; the reason of `signal` once it is aborted
 */
export async function downloadSet(
  api: Pick<Api, 'fetch'>,
  query: Record<string, string | number | boolean | undefined>,
  { target, tell, signal }: { target?: FileSystemFileHandle; tell(bytes: number): void; signal: AbortSignal },
): Promise<string> {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  const response = await waitPatiently(() => api.fetch(`kontur/export?${search}`, { signal }), signal);
  let bytes = 0;
  const counted = response.body?.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(part, controller) {
        bytes += part.byteLength;
        tell(bytes);
        controller.enqueue(part);
      },
    }),
  );
  if (counted === undefined) throw new Error('The server answered with nothing.');
  if (target !== undefined) {
    await counted.pipeTo(await target.createWritable(), { signal });
    return target.name;
  }
  const type = response.headers.get('content-type') ?? '';
  const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'annotations';
  saveFile(new Blob([await new Response(counted).arrayBuffer()], { type }), name);
  return name;
}
