import type { Database } from '../database/open-database.ts';
import type { Engine } from '../engine/engine.ts';
import type { FileListener } from '../files/file-life.ts';
import type { FileCache } from '../runtime/file-cache.ts';
import { repeatRegularly } from '../runtime/repeat-regularly.ts';
import type { Logger } from '../telemetry/create-logger.ts';

/**
 * Deletes embeddings that no file needs: an image can be recognised in its embedding, so it goes with the last file of
 * that content.
 */
export interface EmbeddingUpkeep extends Required<Pick<FileListener, 'removed'>> {
  /** Runs one sweep: deletes the embeddings of contents without a file. Returns the number of those contents. */
  sweep(): Promise<number>;
  /** Sweeps now and at intervals: a file may be deleted while it is encoded, or a process may die in between. */
  start(): void;
  stop(): Promise<void>;
}

const HOUR_MS = 3_600_000;
/** Contents per query. */
const BATCH = 500;

/** Creates the upkeep of embeddings in the store and, if there is an engine, in its memory. */
export function createEmbeddingUpkeep({
  database: { kysely },
  store,
  engine,
  logger,
}: {
  database: Pick<Database, 'kysely'>;
  store: Pick<FileCache, 'list' | 'removeAll'>;
  engine?: Pick<Engine, 'forgetEmbedding'>;
  logger: Pick<Logger, 'error' | 'info'>;
}): EmbeddingUpkeep {
  async function forgetUnused(contentHashes: string[]): Promise<number> {
    if (contentHashes.length === 0) return 0;
    const used = await kysely
      .selectFrom('files')
      .select('content_sha256')
      .distinct()
      .where('content_sha256', 'in', contentHashes)
      .execute();
    const usedHashes = new Set(used.map(({ content_sha256 }) => content_sha256));
    const unused = contentHashes.filter((contentHash) => !usedHashes.has(contentHash));
    for (const contentHash of unused) {
      await (engine ? engine.forgetEmbedding(contentHash) : store.removeAll(`${contentHash}.`));
    }
    return unused.length;
  }

  async function sweep(): Promise<number> {
    const names = await store.list();
    const contentHashes = [...new Set(names.map((name) => name.slice(0, name.indexOf('.'))))];
    let forgotten = 0;
    for (let from = 0; from < contentHashes.length && !regular.stopped; from += BATCH) {
      forgotten += await forgetUnused(contentHashes.slice(from, from + BATCH));
    }
    return forgotten;
  }

  const complain = (error: unknown) => logger.error({ err: error }, 'embeddings of removed files could not be removed');
  const regular = repeatRegularly(sweep, {
    intervalMs: HOUR_MS,
    onDone: (contents) => contents > 0 && logger.info({ contents }, 'embeddings without a file were removed'),
    onError: complain,
  });

  return {
    sweep,
    start: regular.start,
    stop: regular.stop,
    removed: async (_project, files) =>
      void (await forgetUnused(files.flatMap(({ content }) => content?.sha256 ?? []))),
  };
}
