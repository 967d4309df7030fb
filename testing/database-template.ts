import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DatabaseLocation, openDatabase } from '../src/database/open-database.ts';
import { runMigrations } from '../src/database/run-migrations.ts';
import { createJobQueue } from '../src/jobs/job-queue.ts';

/**
 * Variable with the data folder that is copied; set for the test run and its children. Creating a database is slow,
 * copying one is not.
 */
const VARIABLE = 'TEST_DATA_TEMPLATE';

/** Creates an embedded database with every table, which this process and its children copy. */
export async function makeDataTemplate(): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'kontur-template-'));
  await makeTables({ dataDir });
  process.env[VARIABLE] = dataDir;
  return () => rm(dataDir, { recursive: true, force: true });
}

/** Copies the template into a data folder that has no database yet; does nothing if there is no template. */
export async function copyDataTemplate(dataDir: string): Promise<void> {
  const template = process.env[VARIABLE];
  const database = join(dataDir, 'database');
  if (template === undefined || existsSync(database)) return;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await cp(join(template, 'database'), database, { recursive: true });
}

/** Creates the tables of Kontur and of its queue. */
export async function makeTables(location: DatabaseLocation): Promise<void> {
  const database = await openDatabase(location);
  await runMigrations(database.kysely);
  const logger = { error: console.error, debug() {} };
  const queue = createJobQueue({ database, concurrency: 0, handleTimeoutMs: 1_000, logger });
  await queue.prepare();
  await queue.close();
  await database.close();
}
