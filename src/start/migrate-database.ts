import type { Config } from '../config/load-config.ts';
import { openDatabase } from '../database/open-database.ts';
import { runMigrations } from '../database/run-migrations.ts';
import { createJobQueue } from '../jobs/job-queue.ts';
import { createLogger } from '../telemetry/create-logger.ts';
import { openLogDestination } from '../telemetry/open-log-destination.ts';

/**
 * Migrates the tables, and those of the queue.
 *
 * @returns the names of the migrations that were applied
 * @throws Error if the database was written by a newer version, or is embedded and in use
 */
export async function migrateDatabase({ databaseUrl, dataDir, logLevel, logFormat }: Config): Promise<string[]> {
  const database = await openDatabase(databaseUrl === undefined ? { dataDir } : { url: databaseUrl });
  try {
    const applied = await runMigrations(database.kysely);
    const logger = createLogger(logLevel, await openLogDestination(logFormat));
    const queue = createJobQueue({ database, concurrency: 0, handleTimeoutMs: 1_000, logger });
    await queue.prepare();
    await queue.close();
    return applied;
  } finally {
    await database.close();
  }
}
