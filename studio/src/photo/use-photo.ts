import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useApi } from '../api/api-context.ts';
import { ApiError } from '../api/api-error.ts';
import type { Api } from '../api/create-api.ts';
import { busyForMs, isBusy } from '../api/wait-patiently.ts';
import type { CanvasPhoto } from '../canvas/photo-canvas.tsx';

/** Pixels across of the copy that is shown first, and as long as more could not be seen. */
const COPY_WIDTH = 2048;
/** How long a picture that was read ahead is kept, in milliseconds. */
const KEPT_AHEAD_MS = 30_000;
/** How often an open photo is compared with the server's, in milliseconds. */
const COMPARED_EVERY_MS = 30_000;
/** How often a busy or lost server is asked again. */
const MOST_TRIES = 20;

const isPassing = (error: Error) => isBusy(error) || (error instanceof ApiError && error.status === 0);
const patience = {
  retry: (tries: number, error: Error) => tries < MOST_TRIES && isPassing(error),
  retryDelay: (_tries: number, error: Error) => (isBusy(error) ? busyForMs(error) : 2000),
};

/** Reads the record of a photo, again and again while it is open: it may be replaced or deleted. */
export function useFile(fileId: number) {
  const { client, project } = useApi();
  return useQuery({
    queryKey: ['file', project, fileId],
    queryFn: async ({ signal }) => {
      const path = { project, id: fileId };
      const { data } = await client.GET('/api/v1/projects/{project}/files/{id}', { params: { path }, signal });
      return data;
    },
    refetchInterval: COMPARED_EVERY_MS,
    refetchOnWindowFocus: 'always',
    ...patience,
  });
}

/**
 * Reads a copy of the photo as the engine sees it: upright, and stretched where its range is narrow.
 *
 * @param version number that changes when the content of the photo has been replaced, so that it is read again
 */
export function usePicture(fileId: number, version: number) {
  return useQuery({ ...pictureQuery(useApi(), fileId, version), gcTime: 0 });
}

/** Reads the pictures of photos that may be opened next, so that they are there at once. */
export function usePicturesAhead(fileIds: readonly number[]): void {
  const api = useApi();
  const queries = useQueryClient();
  const wanted = fileIds.join();
  useEffect(() => {
    const readAll = async () => {
      for (const fileId of wanted.split(',').filter(Boolean)) {
        await queries.prefetchQuery({ ...pictureQuery(api, Number(fileId), 0), retry: false, gcTime: KEPT_AHEAD_MS });
      }
    };
    void readAll();
  }, [api, queries, wanted]);
}

function pictureQuery(api: Api, fileId: number, version: number) {
  const { client, project } = api;
  const link = async (signal: AbortSignal) => {
    const params = { path: { project } };
    const body = { items: [{ id: fileId }] };
    const { data } = await client.POST('/api/v1/projects/{project}/files/downloadlink', { params, body, signal });
    const url = data?.items[0]?.downloadUrl;
    if (url === undefined) throw new Error('The server gave no link to the photo.');
    return url;
  };
  return queryOptions({
    queryKey: ['picture', project, fileId, version],
    queryFn: async ({ signal }): Promise<CanvasPhoto> => {
      const response = await api.fetch(`kontur/files/${fileId}/thumbnail?width=${COPY_WIDTH}`, { signal });
      const picture = await createImageBitmap(await response.blob());
      const width = Number(response.headers.get('kontur-image-width') ?? picture.width);
      const height = Number(response.headers.get('kontur-image-height') ?? picture.height);
      return { size: { width, height }, picture, link };
    },
    staleTime: Number.POSITIVE_INFINITY,
    ...patience,
  });
}
