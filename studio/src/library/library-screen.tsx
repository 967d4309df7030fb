import { Anchor, Card, Image, SimpleGrid, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useApi } from '../api/api-context.ts';

/** Screen of all photos. */
export function LibraryScreen() {
  const { client, project } = useApi();
  const files = useQuery({
    queryKey: ['files', project],
    queryFn: async ({ signal }) => {
      const body = { filter: { uploaded: true }, limit: 100 };
      const params = { path: { project } };
      const { data } = await client.POST('/api/v1/projects/{project}/files/list', { params, body, signal });
      return data?.items ?? [];
    },
  });
  return (
    <SimpleGrid cols={{ base: 2, sm: 4, lg: 6 }} p="md">
      {files.data?.map((file) => (
        <Card key={file.id} withBorder padding="xs">
          <Anchor href={`#/photo/${file.id}`}>
            <Thumbnail fileId={file.id} />
            <Text size="sm">{file.name}</Text>
          </Anchor>
        </Card>
      ))}
    </SimpleGrid>
  );
}

function Thumbnail({ fileId }: { fileId: number }) {
  const api = useApi();
  const [source, setSource] = useState<string>();
  useEffect(() => {
    const abort = new AbortController();
    let made: string | undefined;
    void api
      .fetch(`kontur/files/${fileId}/thumbnail?width=256`, { signal: abort.signal })
      .then((response) => response.blob())
      .then((blob) => {
        made = URL.createObjectURL(blob);
        setSource(made);
      })
      .catch(() => {});
    return () => {
      abort.abort();
      if (made !== undefined) URL.revokeObjectURL(made);
    };
  }, [api, fileId]);
  return <Image src={source} alt="" h={120} fit="cover" />;
}
