import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/api-context.ts';
import type { CanvasPhoto } from '../canvas/photo-canvas.tsx';

/** Pixels across of the copy that is shown first. */
const COPY_WIDTH = 1024;

/** Reads what a photo is called. */
export function useFile(fileId: number) {
  const { client, project } = useApi();
  return useQuery({
    queryKey: ['file', project, fileId],
    queryFn: async ({ signal }) => {
      const path = { project, id: fileId };
      const { data } = await client.GET('/api/v1/projects/{project}/files/{id}', { params: { path }, signal });
      return data;
    },
  });
}

/** Reads a copy of the photo as the engine sees it: upright, and stretched where its range is narrow. */
export function usePicture(fileId: number) {
  const api = useApi();
  return useQuery({
    queryKey: ['picture', api.project, fileId],
    queryFn: async ({ signal }): Promise<CanvasPhoto> => {
      const response = await api.fetch(`kontur/files/${fileId}/thumbnail?width=${COPY_WIDTH}`, { signal });
      const picture = await createImageBitmap(await response.blob());
      const width = Number(response.headers.get('kontur-image-width') ?? picture.width);
      const height = Number(response.headers.get('kontur-image-height') ?? picture.height);
      return { size: { width, height }, picture };
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}
