import type { Cache } from '../blobs/cache.ts';
import type { Config } from '../config/load-config.ts';
import { createEngine, type Engine } from '../engine/create-engine.ts';
import { openModel } from '../models/open-model.ts';
import type { Logger } from '../telemetry/create-logger.ts';

/** The engine as configured; none where other processes run the jobs. */
export async function openEngine(
  config: Config,
  { embeddingStore, logger }: { embeddingStore: Cache; logger: Logger },
): Promise<Engine | undefined> {
  if (config.jobsConcurrency === 0) return undefined;
  return createEngine({
    model: await openModel(config.model, config.modelsDir),
    provider: config.provider,
    cacheDir: config.cacheDir,
    threads: config.engineThreads,
    precision: config.precision,
    aspectBuckets: config.aspectBuckets,
    maxPixels: config.maxPixels,
    embeddingCacheBytes: config.embeddingCacheMb * 1024 * 1024,
    embeddingStore,
    logger,
  });
}
