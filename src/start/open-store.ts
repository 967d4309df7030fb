import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Blobs } from '../blobs/blobs.ts';
import type { Config } from '../config/load-config.ts';
import { type Database, openDatabase } from '../database/open-database.ts';
import { runMigrations } from '../database/run-migrations.ts';
import type { Cleanup } from '../runtime/cleanup.ts';
import type { ContentStores } from './open-content-stores.ts';

/** Rows and contents, with what belongs to them. */
export interface Store {
  database: Database;
  blobs: Blobs;
  /** Whether there was no embedded database in the data folder before. */
  isNew: boolean;
}

/** Opens the configured database, migrates it, and opens the contents that belong to it. */
export async function openStore(
  { dataDir, databaseUrl }: Pick<Config, 'dataDir' | 'databaseUrl'>,
  { stores, cleanup, onFailure }: { stores: ContentStores; cleanup: Cleanup; onFailure: (error: Error) => void },
): Promise<Store> {
  const isNew = databaseUrl === undefined && !existsSync(path.join(dataDir, 'database'));
  const location = databaseUrl === undefined ? { dataDir } : { url: databaseUrl };
  const database = await openDatabase(location, { onFailure });
  cleanup.add(() => database.close());
  await runMigrations(database.kysely);
  return { database, blobs: await stores.openFiles(database), isNew };
}
