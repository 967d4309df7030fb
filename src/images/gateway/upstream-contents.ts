import { type Kysely, sql } from 'kysely';
import type { Blobs } from '../../blobs/blobs.ts';
import type { Database } from '../../database/open-database.ts';
import type { Schema } from '../../database/schema.ts';
import { createSingleFlight } from '../../runtime/single-flight.ts';
import { type DownloadLink, downloadContent } from './download-content.ts';

/** Identifies one content of a file of the upstream: a later upload has another key. */
export interface ContentKey {
  project: string;
  fileId: number;
  uploadedTime: number;
}

/** Cache of the upstream's contents, for the engine only: clients never get these copies. */
export interface UpstreamContents {
  has(content: ContentKey): Promise<boolean>;
  /**
   * Returns the path and SHA-256 of a local copy, downloaded on a cache miss; concurrent calls share one download
   * (single flight). Throws as `downloadContent` does.
   */
  open(content: ContentKey, link: DownloadLink, signal: AbortSignal): Promise<{ path: string; sha256: string }>;
}

/** Limit of all copies together, except those that jobs may be using. */
const CACHE_BYTES = 10_000_000_000;

/**
 * Creates the cache.
 *
 * @param upstream origin of the upstream, part of every key
 * @param limitBytes largest content
 * @param keepMs how long a copy is kept after its last use, since a job may still be reading it
 */
export function createUpstreamContents({
  database: { kysely },
  blobs,
  upstream,
  limitBytes,
  keepMs,
  cacheBytes = CACHE_BYTES,
  now = Date.now,
}: {
  database: Pick<Database, 'kysely'>;
  blobs: Blobs;
  upstream: string;
  limitBytes: number;
  keepMs: number;
  cacheBytes?: number;
  now?: () => number;
}): UpstreamContents {
  const downloads = createSingleFlight<Copy>();

  async function download(content: ContentKey, link: DownloadLink, signal: AbortSignal): Promise<Copy> {
    const stored = await downloadContent({ blobs, limitBytes, now }, link, signal);
    const row = await kysely
      .insertInto('upstream_contents')
      .values({
        upstream,
        project: content.project,
        file_id: content.fileId,
        uploaded_time: content.uploadedTime,
        blob_key: stored.key,
        sha256: stored.sha256,
        bytes: stored.bytes,
        last_used_time: now(),
      })
      // Another process may have been quicker; then its copy is kept.
      .onConflict((conflict) =>
        conflict.columns(['upstream', 'project', 'file_id', 'uploaded_time']).doUpdateSet({ last_used_time: now() }),
      )
      .returning(['blob_key', 'sha256'])
      .executeTakeFirstOrThrow();
    if (row.blob_key !== stored.key) await blobs.remove(stored.key);
    const removed = await evict(kysely, { cacheBytes, usedBefore: now() - keepMs });
    await Promise.all(removed.map((key) => blobs.remove(key)));
    return row;
  }

  return {
    has: async (content) => (await touch(kysely, upstream, content, now())) !== undefined,

    async open(content, link, signal) {
      const { project, fileId, uploadedTime } = content;
      const copy =
        (await touch(kysely, upstream, content, now())) ??
        (await downloads.join(
          JSON.stringify([project, fileId, uploadedTime, link.etag]),
          (abort) => download(content, link, abort),
          signal,
        ));
      return { path: await blobs.localPath(copy.blob_key, copy.sha256), sha256: copy.sha256 };
    },
  };
}

interface Copy {
  blob_key: string;
  sha256: string;
}

/** Finds a copy and records its use. */
function touch(kysely: Kysely<Schema>, upstream: string, content: ContentKey, time: number): Promise<Copy | undefined> {
  return kysely
    .updateTable('upstream_contents')
    .set({ last_used_time: time })
    .where('upstream', '=', upstream)
    .where('project', '=', content.project)
    .where('file_id', '=', content.fileId)
    .where('uploaded_time', '=', content.uploadedTime)
    .returning(['blob_key', 'sha256'])
    .executeTakeFirst();
}

/**
 * Deletes rows of the least recently used copies beyond the limit. @returns their blob keys
 */
async function evict(
  kysely: Kysely<Schema>,
  { cacheBytes, usedBefore }: { cacheBytes: number; usedBefore: number },
): Promise<string[]> {
  const rows = await kysely
    .deleteFrom('upstream_contents')
    .where(
      'blob_key',
      'in',
      sql<string>`(
        select blob_key from (
          select blob_key, sum(bytes) over (order by last_used_time desc, blob_key) as total from upstream_contents
        ) as contents where total > ${cacheBytes}::bigint)`,
    )
    // Checked again under the row's lock, so that a copy used in the meantime stays.
    .where('last_used_time', '<', usedBefore)
    .returning('blob_key')
    .execute();
  return rows.map(({ blob_key }) => blob_key);
}
