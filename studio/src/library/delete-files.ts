import { ApiError } from '../api/api-error.ts';
import type { Api } from '../api/create-api.ts';

/** Files of one request: the server deletes all of them or none. */
const BATCH = 100;

/** What became of files that were to be deleted. */
export interface Deletion {
  deleted: number[];
  failed: { id: number; reason: Error }[];
}

/**
 * Deletes files in batches. A batch that is refused is tried file by file, so that one that must not be deleted keeps
 * none of the others.
 *
 * @param progress called with how many have been tried
 */
export async function deleteFiles(
  api: Api,
  ids: readonly number[],
  progress: (tried: number) => void = () => {},
): Promise<Deletion> {
  const result: Deletion = { deleted: [], failed: [] };
  const tryAll = async (some: readonly number[]): Promise<void> => {
    try {
      await deleteAll(api, some);
      result.deleted.push(...some);
    } catch (error) {
      if (some.length > 1 && isRefusal(error)) {
        for (const id of some) await tryAll([id]);
        return;
      }
      result.failed.push(...some.map((id) => ({ id, reason: error as Error })));
    }
    progress(result.deleted.length + result.failed.length);
  };
  for (let start = 0; start < ids.length; start += BATCH) await tryAll(ids.slice(start, start + BATCH));
  return result;
}

async function deleteAll({ client, project }: Api, ids: readonly number[]): Promise<void> {
  const body = { items: ids.map((id) => ({ id })), ignoreUnknownIds: true };
  await client.POST('/api/v1/projects/{project}/files/delete', { params: { path: { project } }, body });
}

/** Whether the server refused because of what was asked, rather than being unable to. */
const isRefusal = (error: unknown) => error instanceof ApiError && error.status >= 400 && error.status < 500;
