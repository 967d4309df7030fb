import type { Config } from '../config/load-config.ts';
import { createEngine } from '../engine/create-engine.ts';
import type { Engine } from '../engine/engine.ts';
import { openModel } from '../models/open-model.ts';
import type { FileCache } from '../runtime/file-cache.ts';
import type { Logger } from '../telemetry/create-logger.ts';

/** Opens the configured engine; returns undefined if other processes run the jobs. */
export async function openEngine(
  config: Config,
  { embeddingStore, logger }: { embeddingStore: FileCache; logger: Logger },
): Promise<Engine | undefined> {
  if (config.jobsConcurrency === 0) return undefined;
  const { cacheDir, engineThreads: threads, maxPixels, precision, provider, aspectBuckets } = config;
  const model = await openModel(config.model, config.modelsDir);
  return createEngine({
    settings: { model, cacheDir, threads, maxPixels, precision, provider, aspectBuckets },
    embeddingCacheBytes: config.embeddingCacheMb * 1024 * 1024,
    embeddingStore,
    logger,
  });
}
