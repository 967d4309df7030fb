import { UPLOAD_LINK_MS } from '#contract/limits';
import type { Blobs } from '../blobs/blobs.ts';
import type { Database } from '../database/open-database.ts';
import { repeatRegularly } from '../runtime/repeat-regularly.ts';
import type { Logger } from '../telemetry/create-logger.ts';
import { expireFiles, expireMultipartUploads } from './expire-uploads.ts';
import { removeOrphans } from './remove-orphans.ts';

const HOUR_MS = 3_600_000;

/** What one sweep deleted. */
export interface Swept {
  files: number;
  multipartUploads: number;
  orphans: number;
}

/** Deletes files and uploads that have expired. */
export interface FileSweeper {
  /** Runs one sweep. */
  sweep(): Promise<Swept>;
  /** Sweeps now and at intervals. */
  start(): void;
  /** Stops sweeping, after the sweep that is running. */
  stop(): Promise<void>;
}

/**
 * Deletes what has expired: files without content for a week, multipart uploads not completed in a week
 * (docs/contract.md#files-expiry), and blobs without a reference. The store must hold contents of files only.
 */
export function createFileSweeper({
  database,
  blobs,
  copies,
  settle,
  logger,
  now = Date.now,
  intervalMs = HOUR_MS,
}: {
  database: Database;
  blobs: Pick<Blobs, 'list' | 'remove'>;
  /** Local copies of contents, which are deleted with them. */
  copies?: Pick<Blobs, 'list' | 'remove'>;
  /** Ingests direct uploads first, so that their files do not expire. */
  settle?: () => Promise<void>;
  logger: Pick<Logger, 'error' | 'info'>;
  now?: () => number;
  intervalMs?: number;
}): FileSweeper {
  const { kysely } = database;
  async function expireAll(expireBatch: typeof expireFiles): Promise<number> {
    for (let total = 0; ; ) {
      const { expired, unused } = regular.stopped ? NOTHING : await expireBatch(kysely, now() - UPLOAD_LINK_MS);
      await Promise.all(unused.map((key) => blobs.remove(key)));
      total += expired;
      if (expired === 0) return total;
    }
  }

  async function sweep(): Promise<Swept> {
    await settle?.();
    const multipartUploads = await expireAll(expireMultipartUploads);
    const files = await expireAll(expireFiles);
    const orphans = regular.stopped ? 0 : await removeOrphans({ kysely, blobs }, now() - HOUR_MS);
    if (copies !== undefined && !regular.stopped) await removeOrphans({ kysely, blobs: copies }, now() - HOUR_MS);
    return { files, multipartUploads, orphans };
  }

  const regular = repeatRegularly(sweep, {
    intervalMs,
    onDone(swept) {
      if (Object.values(swept).some((count) => count > 0)) logger.info(swept, 'expired uploads were deleted');
    },
    onError: (error) => logger.error({ err: error }, 'expired uploads could not be deleted'),
  });

  return { sweep, start: regular.start, stop: regular.stop };
}

const NOTHING = { expired: 0, unused: [] };
