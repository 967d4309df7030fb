import { mkdir } from 'node:fs/promises';
import type { KeepSecret } from '../auth/persisted-secret.ts';
import { createIssuerRecordSweeper } from '../auth/sweep-issuer-records.ts';
import type { DirectUploads } from '../blobs/direct-uploads.ts';
import type { Config } from '../config/load-config.ts';
import type { Engine } from '../engine/create-engine.ts';
import { createFiles, type Files } from '../files/create-files.ts';
import { createFileLife } from '../files/file-life.ts';
import { settleFirst } from '../files/settle-first.ts';
import { createUploadSettler } from '../files/settle-uploads.ts';
import { createFileSweeper } from '../files/sweep-files.ts';
import type { ReadinessChecks } from '../http/app-dependencies.ts';
import { createEmbeddingUpkeep } from '../images/embedding-upkeep.ts';
import type { ImageSource } from '../images/image-source.ts';
import { createOwnImages } from '../images/own-images.ts';
import { createUploadPrefetch } from '../images/upload-prefetch.ts';
import { createJobs, type Jobs } from '../jobs/create-jobs.ts';
import { failJobsOfDeletedFiles } from '../jobs/fail-unfinished.ts';
import type { Run } from '../jobs/run-job.ts';
import { createJobSweeper } from '../jobs/sweep-jobs.ts';
import { type Cleanup, createCleanup } from '../runtime/cleanup.ts';
import { createLogger, type Logger } from '../telemetry/create-logger.ts';
import { createGateway, type Gateway } from './create-gateway.ts';
import { openContentStores } from './open-content-stores.ts';
import { openEngine } from './open-engine.ts';
import { openStore, type Store } from './open-store.ts';
import { createSegmentRun } from './run-segment-job.ts';
import { createSecretKeeper } from './secret-keeper.ts';

/** What every process of Kontur is made of, with or without clients. */
export interface Platform extends Store {
  logger: Logger;
  /** None in a process that runs no jobs. */
  engine?: Engine;
  files: Files;
  /** Where clients put contents straight to the store, if they do. */
  uploads?: DirectUploads;
  images: ImageSource;
  /** In gateway mode. */
  gateway?: Gateway;
  jobs: Jobs;
  keepSecret: KeepSecret;
  readiness: ReadinessChecks;
  /** Rejects when a part dies that the process cannot go on without. */
  failure: Promise<never>;
  /** Stops everything in good order: jobs in work are finished or given back. */
  cleanup: Cleanup;
}

/** Part of the 10 s between SIGTERM and exit in which jobs may finish before they are given back. */
const FINISH_JOBS_MS = 5_000;

/**
 * Starts all but HTTP: database, store and engine, the jobs and what sweeps.
 * @throws what keeps a part from starting; then nothing is left running
 */
export async function createPlatform(config: Config): Promise<Platform> {
  const logger = createLogger(config.logLevel);
  const cleanup = createCleanup();
  let fail: (error: Error) => void = () => {};
  const failure = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // Whoever waits for it hears of it; a failure while starting is thrown by what failed.
  failure.catch(() => {});
  try {
    await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
    const stores = await openContentStores(config, { cleanup });
    const { embeddings: embeddingStore } = stores;
    const engine = await openEngine(config, { embeddingStore, logger });
    if (engine !== undefined) cleanup.add(() => engine.close());
    const engineReady = engine?.ready();
    // Thrown below, once the store is open: what it has to close is then known to the cleanup.
    engineReady?.catch(() => {});
    const store = await openStore(config, { stores, cleanup, onFailure: fail });
    await engineReady;
    const { database, blobs } = store;

    const life = createFileLife({ logger });
    const { uploads } = stores;
    const settler =
      uploads && createUploadSettler({ database, blobs, uploads, limitBytes: config.maxUploadBytes, life, logger });
    const plainFiles = createFiles({ database, blobs, life });
    const files = settler ? settleFirst(plainFiles, settler) : plainFiles;
    const upkeep = createEmbeddingUpkeep({ database, store: embeddingStore, engine, logger });
    const prefetch = engine && config.warmOnUpload ? createUploadPrefetch({ blobs, engine, logger }) : undefined;
    if (prefetch !== undefined) cleanup.add(() => prefetch.stop());
    for (const listener of [{ removing: failJobsOfDeletedFiles }, upkeep, prefetch, settler]) {
      if (listener !== undefined) life.listen(listener);
    }
    const { upstream, retentionDays, detailWindows } = config;
    const gateway =
      upstream === undefined
        ? undefined
        : createGateway({ ...config, upstream }, { database, blobs: await stores.openUpstream() });
    const images = gateway?.images ?? createOwnImages({ files, blobs });
    for (const sweeper of [
      createFileSweeper({ database, blobs, copies: stores.copies, settle: settler?.sweep, logger }),
      createJobSweeper({ database, retentionDays, logger }),
      createIssuerRecordSweeper({ database, logger }),
      // The files of an upstream are not known here: their embeddings go when there is no more room.
      ...(upstream === undefined ? [upkeep] : []),
    ]) {
      cleanup.add(() => sweeper.stop());
      sweeper.start();
    }
    const jobs = createJobs({
      database,
      run: engine === undefined ? runNothing : createSegmentRun({ images, engine, detailWindows, logger }),
      concurrency: config.jobsConcurrency,
      jobTimeoutMs: config.jobTimeoutMs,
      maxQueuedPerProject: config.maxQueuedPerProject,
      maxQueued: config.maxQueued,
      logger,
    });
    cleanup.add(() => jobs.stop({ timeoutMs: FINISH_JOBS_MS }));
    await jobs.start();

    const readiness: ReadinessChecks = {
      database: () => database.ping(),
      store: () => blobs.ping(),
      ...(engine !== undefined && { engine: () => engine.ready().then(() => engine.describe()) }),
    };
    const keepSecret = createSecretKeeper(database);
    return {
      ...store,
      logger,
      engine,
      files,
      uploads,
      images,
      gateway,
      jobs,
      keepSecret,
      readiness,
      failure,
      cleanup,
    };
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

const runNothing: Run = () => Promise.reject(new Error('This process runs no jobs.'));
