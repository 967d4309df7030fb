import { expect, it } from 'vitest';
import { ApiError } from '../../studio/src/api/api-error.ts';
import type { Api } from '../../studio/src/api/create-api.ts';
import { deleteFiles } from '../../studio/src/library/delete-files.ts';

/** A server that refuses a request with any of these files, as one does that deletes all or none. */
function serverThatKeeps(kept: number[], status: number) {
  const requests: number[] = [];
  const POST = async (_: string, { body }: { body: { items: { id: number }[] } }) => {
    requests.push(body.items.length);
    if (!body.items.some(({ id }) => kept.includes(id))) return {};
    throw await ApiError.of(new Response('{"error":{"message":"may not"}}', { status }));
  };
  return { api: { project: 'demo', client: { POST } } as unknown as Api, requests };
}
const ids = Array.from({ length: 250 }, (_, index) => index);

it('deletes in batches', async () => {
  const { api, requests } = serverThatKeeps([], 403);
  const tried: number[] = [];
  expect(await deleteFiles(api, ids, (count) => tried.push(count))).toEqual({ deleted: ids, failed: [] });
  expect([requests, tried]).toEqual([
    [100, 100, 50],
    [100, 200, 250],
  ]);
});

it('keeps only those whose deletion is refused', async () => {
  const { api } = serverThatKeeps([7, 120], 403);
  const { deleted, failed } = await deleteFiles(api, ids);
  expect(deleted).toHaveLength(248);
  expect(failed.map(({ id, reason }) => [id, reason.message])).toEqual([
    [7, 'may not'],
    [120, 'may not'],
  ]);
});

it('does not ask for each file where the server itself fails', async () => {
  const { api, requests } = serverThatKeeps([7], 503);
  const { deleted, failed } = await deleteFiles(api, ids);
  expect([deleted.length, failed.length, requests.length]).toEqual([150, 100, 3]);
});
