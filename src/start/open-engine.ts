import type { Config } from '../config/load-config.ts';
import { createEngine } from '../engine/create-engine.ts';
import type { Engine } from '../engine/engine.ts';
import type { Model } from '../models/catalogue.ts';
import type { FileCache } from '../runtime/file-cache.ts';
import type { Logger } from '../telemetry/create-logger.ts';

/** Opens the configured engine with a model whose files are here. */
export function openEngine(
  config: Config,
  { model, embeddingStore, logger }: { model: Model; embeddingStore: FileCache; logger: Logger },
): Engine {
  const { cacheDir, engineThreads: threads, maxPixels, precision, provider, aspectBuckets } = config;
  return createEngine({
    settings: { model, cacheDir, threads, maxPixels, precision, provider, aspectBuckets },
    embeddingCacheBytes: config.embeddingCacheMb * 1024 * 1024,
    embeddingStore,
    logger,
  });
}
