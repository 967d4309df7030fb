import { ApiError } from '../api/api-error.ts';
import type { Api } from '../api/create-api.ts';
import type { TakenPhoto } from './taken-object.ts';

/** Name of the errors that say that this browser cannot read a picture; decoders of browsers use it too. */
const UNREADABLE = 'EncodingError';
/** Bytes up to the one of a PNG's header that says how many bits a sample has. */
const PNG_DEPTH_AT = 24;
const PNG_START = 0x89504e47;

/**
 * Reads what a photo is called, and how large it is when it is upright.
 *
 * @throws ApiError if the server refused or does not answer
 */
export async function readPhoto({ client, project, fetch }: Api, id: number, signal: AbortSignal): Promise<TakenPhoto> {
  const params = { path: { project, id } };
  const [{ data }, { headers, body }] = await Promise.all([
    client.GET('/api/v1/projects/{project}/files/{id}', { params, signal }),
    fetch(`kontur/files/${id}/thumbnail?width=16`, { signal }),
  ]);
  void body?.cancel();
  const size = (name: string) => Number(headers.get(`kontur-image-${name}`));
  return { id, name: data?.name ?? String(id), imageWidth: size('width'), imageHeight: size('height') };
}

/**
 * Reads the file of a photo as it was uploaded.
 *
 * @throws ApiError if the server refused or does not answer; Error named `EncodingError` if browsers show such a file
 *   otherwise than the engine sees it
 */
export async function readContent({ client, project }: Api, id: number, signal: AbortSignal): Promise<Blob> {
  const { data } = await client.POST('/api/v1/projects/{project}/files/downloadlink', {
    params: { path: { project } },
    body: { items: [{ id }] },
    signal,
  });
  const link = new URL(data?.items[0]?.downloadUrl ?? '', location.href);
  // The server knows its address as one of several, and the page may be loaded from another.
  if (link.pathname.startsWith('/api/')) Object.assign(link, { protocol: location.protocol, host: location.host });
  const response = await fetch(link, { signal }).catch((error: unknown) => {
    throw ApiError.unreachable(error);
  });
  if (!response.ok) throw await ApiError.of(response);
  const content = await response.blob();
  const start = new DataView(await content.slice(0, PNG_DEPTH_AT + 1).arrayBuffer());
  const isDeepPng = start.byteLength > PNG_DEPTH_AT && start.getUint32(0) === PNG_START && start.getUint8(24) > 8;
  // The engine stretches the narrow range that cameras use of 16 bits; browsers cut off the lower eight.
  if (isDeepPng) throw Object.assign(new Error('A PNG of 16 bits.'), { name: UNREADABLE });
  return content;
}

/** Whether an error says that this browser cannot read a picture. */
export const isUnreadable = (error: unknown): boolean =>
  error instanceof Error && (error.name === UNREADABLE || error.name === 'InvalidStateError');
