import type { Database } from '../database/open-database.ts';
import type { Engine } from '../engine/engine.ts';
import type { FileListener } from '../files/file-life.ts';
import type { FileCache } from '../runtime/file-cache.ts';
import { repeatRegularly } from '../runtime/repeat-regularly.ts';
import type { Logger } from '../telemetry/create-logger.ts';

/** An image can be made out in its embedding, so that goes with the last file of that content. */
export interface EmbeddingUpkeep extends Required<Pick<FileListener, 'removed'>> {
  /** One sweep: takes away embeddings of contents that no file has any more; the number of those contents. */
  sweep(): Promise<number>;
  /** Sweeps now and at intervals: a file may go while it is encoded, or a process in between. */
  start(): void;
  stop(): Promise<void>;
}

const HOUR_MS = 3_600_000;
/** Contents in one question to the database. */
const BATCH = 500;

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
