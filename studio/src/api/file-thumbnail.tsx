import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useApi } from './api-context.ts';

/** A small picture of a file; nothing while it is loaded, or where there is none. */
export function FileThumbnail({ fileId, width, height }: { fileId: number; width: number; height: number }) {
  const api = useApi();
  const { data } = useQuery({
    queryKey: ['thumbnail', api.project, fileId, width],
    queryFn: async ({ signal }) =>
      (await api.fetch(`kontur/files/${fileId}/thumbnail?width=${width}`, { signal })).blob(),
    staleTime: 300_000,
    retry: false,
  });
  const [source, setSource] = useState<string>();
  useEffect(() => {
    if (data === undefined) return;
    const url = URL.createObjectURL(data);
    setSource(url);
    return () => URL.revokeObjectURL(url);
  }, [data]);
  if (source === undefined) return null;
  return <img src={source} alt="" width="100%" height={height} style={{ objectFit: 'cover', display: 'block' }} />;
}
