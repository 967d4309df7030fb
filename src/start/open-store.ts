import path from 'node:path';
import type { Blobs } from '../blobs/blobs.ts';
import { createDiskBlobs } from '../blobs/disk-blobs.ts';
import type { Config } from '../config/load-config.ts';
import { type Database, openDatabase } from '../database/open-database.ts';
import { runMigrations } from '../database/run-migrations.ts';
import { claimStore } from './claim-store.ts';
import type { Cleanup } from './cleanup.ts';

/** Rows and contents. */
export interface Store {
  database: Database;
  blobs: Blobs;
}

/** Opens the database that the configuration names, brings it up to date, and opens the folder that goes with it. */
export async function openStore(
  { dataDir, databaseUrl, blobsDir }: Pick<Config, 'dataDir' | 'databaseUrl' | 'blobsDir'>,
  { cleanup, onFailure }: { cleanup: Cleanup; onFailure: (error: Error) => void },
): Promise<Store> {
  const location = databaseUrl === undefined ? { dataDir } : { url: databaseUrl };
  const database = await openDatabase(location, { onFailure });
  cleanup.add(() => database.close());
  await runMigrations(database.kysely);
  // A folder in the data folder of an embedded database is kept apart by the lock on that.
  const shared = !database.embedded || blobsDir !== path.join(dataDir, 'blobs');
  if (shared) await claimStore(database, blobsDir);
  return { database, blobs: await createDiskBlobs(blobsDir, { shared: !database.embedded }) };
}
