import type { Config } from '../config/load-config.ts';
import type { Engine } from '../engine/engine.ts';
import { openModel } from '../models/open-model.ts';
import type { Cleanup } from '../runtime/cleanup.ts';
import { openPrivateFolder } from '../runtime/private-folder.ts';
import { createLogger, type Logger } from '../telemetry/create-logger.ts';
import { openLogDestination } from '../telemetry/open-log-destination.ts';
import { type ContentStores, openContentStores } from './open-content-stores.ts';
import { openEngine } from './open-engine.ts';
import { openStore, type Store } from './open-store.ts';

/** What all other parts depend on: rows, contents, and the engine. */
export interface Foundation extends Store {
  config: Config;
  logger: Logger;
  stores: ContentStores;
  /** Undefined in a process that runs no jobs. */
  engine?: Engine;
  /** Rejects when a part dies that the process cannot do without. */
  failure: Promise<never>;
  cleanup: Cleanup;
}

/**
 * Opens the stores while the engine loads, and waits for both.
 *
 * @throws the error of a part that cannot start; the cleanup knows everything that is open by then
 */
export async function openFoundation(config: Config, cleanup: Cleanup): Promise<Foundation> {
  // A wrong name costs nothing yet, and leaves nothing behind.
  const model = config.jobsConcurrency === 0 ? undefined : await openModel(config.model, config.modelsDir);
  const logger = createLogger(config.logLevel, await openLogDestination(config.logFormat));
  let onFailure: (error: Error) => void = () => {};
  const failure = new Promise<never>((_, reject) => {
    onFailure = reject;
  });
  // A failure while starting is thrown by the part that failed.
  failure.catch(() => {});
  await openPrivateFolder(config.dataDir);
  const stores = await openContentStores(config, { cleanup });
  const engine = model && openEngine(config, { model, embeddingStore: stores.embeddings, logger });
  if (engine !== undefined) cleanup.add(() => engine.close());
  const engineReady = engine?.ready();
  // Thrown below, once the store is open: the cleanup then knows what it has to close.
  engineReady?.catch(() => {});
  const store = await openStore(config, { stores, cleanup, onFailure });
  await engineReady;
  return { ...store, config, logger, stores, engine, failure, cleanup };
}
