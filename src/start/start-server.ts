import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { createAuthenticator } from '../auth/create-authenticator.ts';
import { persistedSecret } from '../auth/persisted-secret.ts';
import { createDiskBlobs } from '../blobs/disk-blobs.ts';
import { createLinkSigner } from '../blobs/link-signer.ts';
import type { Config } from '../config/load-config.ts';
import { openDatabase } from '../database/open-database.ts';
import { runMigrations } from '../database/run-migrations.ts';
import { createFiles } from '../files/create-files.ts';
import { createFileSweeper } from '../files/sweep-files.ts';
import { createApp } from '../http/create-app.ts';
import { createInference } from '../inference/create-inference.ts';
import { createInstances } from '../instances/create-instances.ts';
import { createJobs } from '../jobs/create-jobs.ts';
import { MOBILE_SAM } from '../models/catalogue.ts';
import { createLogger } from '../telemetry/create-logger.ts';
import { createLocalImages } from '../upstream/create-local-images.ts';
import { chooseAddress } from './choose-address.ts';
import { createCleanup } from './cleanup.ts';
import { createAccess } from './create-access.ts';
import { createGateway } from './create-gateway.ts';
import { createSegmentRun } from './run-segment-job.ts';

/** A running server. */
export interface Server {
  /** Its public URL, without a trailing slash. */
  url: string;
  /** Rejects when a part dies that the server cannot go on without. */
  failure: Promise<never>;
  /** Stops taking requests and jobs, lets what runs finish or gives it back, and frees the data folder. */
  close(): Promise<void>;
}

/** Jobs in work at once: enough for prompts on known images to pass one that waits for the encoder. */
const CONCURRENT_JOBS = 4;
/** Parts of the 10 s between SIGTERM and exit: for requests, and then for jobs, before they are cut off or given back. */
const FINISH_REQUESTS_MS = 2_000;
const FINISH_JOBS_MS = 5_000;

/**
 * Starts everything in one process, with engine and database embedded, and listens once the model is loaded.
 * @throws what keeps a part from starting; then nothing is left running
 */
export async function startServer(config: Config): Promise<Server> {
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
    const { port, publicUrl } = await chooseAddress(config);
    const inference = createInference({
      model: MOBILE_SAM,
      cacheDir: config.cacheDir,
      threads: config.engineThreads,
      precision: config.precision,
      maxPixels: config.maxPixels,
      embeddingCacheBytes: config.embeddingCacheMb * 1024 * 1024,
      logger,
    });
    cleanup.add(() => inference.close());
    const database = await openDatabase({ dataDir: config.dataDir }, { onFailure: fail });
    cleanup.add(() => database.close());
    const [blobs] = await Promise.all([
      createDiskBlobs(path.join(config.dataDir, 'blobs')),
      runMigrations(database.kysely),
      inference.ready(),
    ]);

    const files = createFiles({ database, blobs });
    const sweeper = createFileSweeper({ database, blobs, logger });
    cleanup.add(() => sweeper.stop());
    sweeper.start();
    const { upstream } = config;
    const gateway = upstream === undefined ? undefined : await createGateway({ ...config, upstream }, { database });
    const images = gateway?.images ?? createLocalImages({ files, blobs });
    const jobs = createJobs({
      database,
      run: createSegmentRun({ images, inference }),
      concurrency: CONCURRENT_JOBS,
      jobTimeoutMs: config.jobTimeoutMs,
      maxQueuedPerProject: config.maxQueuedPerProject,
      logger,
    });
    cleanup.add(() => jobs.stop({ timeoutMs: FINISH_JOBS_MS }));
    await jobs.start();

    const { trusts, issuer } = gateway === undefined ? await createAccess(config, publicUrl) : { trusts: [] };
    const app = await createApp({
      settings: { ...config, publicUrl, loopbackHostsOnly: upstream === undefined && config.auth === 'development' },
      logger,
      authenticate: gateway?.authenticate ?? createAuthenticator(trusts),
      trusts,
      issuer,
      files,
      instances: createInstances({ database, files }),
      images,
      jobs,
      blobs,
      links: createLinkSigner({ key: await linkKey(config.dataDir) }),
      readiness: { database: () => database.ping(), engine: () => inference.ready() },
    });
    cleanup.add(() => closeApp(app));
    await app.listen({ host: config.host, port });
    cleanup.add(await announce(config.dataDir, publicUrl));
    logger.info({ publicUrl, dataDir: config.dataDir }, 'the server listens');
    return { url: publicUrl, failure, close: () => cleanup.run() };
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

/** Lets requests in flight finish, but an upload that crawls must not keep the server from stopping. */
async function closeApp(app: FastifyInstance): Promise<void> {
  const cutOff = setTimeout(() => app.server.closeAllConnections(), FINISH_REQUESTS_MS);
  await app.close().finally(() => clearTimeout(cutOff));
}

/** The key outlives a restart, and so do the links signed with it. */
async function linkKey(dataDir: string): Promise<Uint8Array> {
  const file = path.join(dataDir, 'keys', 'link-signing.json');
  const { key } = await persistedSecret(file, () => ({
    key: Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url'),
  }));
  return new Uint8Array(Buffer.from(key, 'base64url'));
}

/** Tells `kontur token` where the server of this data folder is. */
async function announce(dataDir: string, url: string): Promise<() => Promise<void>> {
  const file = path.join(dataDir, 'server.json');
  await writeFile(file, `${JSON.stringify({ url, pid: process.pid })}\n`);
  return () => rm(file, { force: true });
}
