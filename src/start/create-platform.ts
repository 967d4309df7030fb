import type { KeepSecret } from '../auth/persisted-secret.ts';
import { createSecretKeeper } from '../auth/secret-keeper.ts';
import type { Config } from '../config/load-config.ts';
import type { ReadinessChecks } from '../http/app-dependencies.ts';
import type { Jobs } from '../jobs/create-jobs.ts';
import { createCleanup } from '../runtime/cleanup.ts';
import { type Foundation, openFoundation } from './open-foundation.ts';
import { startJobs } from './start-jobs.ts';
import { startSweepers } from './start-sweepers.ts';
import { type FileParts, wireFiles } from './wire-files.ts';

/** The parts of every process of Kontur, with or without clients. The cleanup stops everything in order. */
export interface Platform extends Foundation, FileParts {
  jobs: Jobs;
  keepSecret: KeepSecret;
  readiness: ReadinessChecks;
}

/**
 * Starts everything except HTTP, in four steps: the foundation (stores and engine), files, sweepers, jobs.
 *
 * @throws the error of a part that cannot start; then nothing is left running
 */
export async function createPlatform(config: Config): Promise<Platform> {
  const cleanup = createCleanup();
  try {
    const foundation = await openFoundation(config, cleanup);
    const parts = await wireFiles(foundation);
    startSweepers(foundation, parts);
    const jobs = await startJobs(foundation, parts.images);
    const keepSecret = createSecretKeeper(foundation.database);
    return { ...foundation, ...parts, jobs, keepSecret, readiness: readinessOf(foundation) };
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

const readinessOf = ({ database, blobs, engine }: Foundation): ReadinessChecks => ({
  database: () => database.ping(),
  store: () => blobs.ping(),
  ...(engine !== undefined && { engine: () => engine.ready().then(() => engine.describe()) }),
});
