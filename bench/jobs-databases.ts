import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, type DatabaseLocation, openDatabase } from '../src/database/open-database.ts';
import { runMigrations } from '../src/database/run-migrations.ts';
import { runOnServer } from '../testing/postgres-server.ts';

/** A new migrated database for the bench, without rows. */
export interface BenchDatabase {
  location: DatabaseLocation;
  database: Database;
  /** Folder for the other data of a server. */
  folder: string;
  /** Closes the database and deletes everything. */
  remove(): Promise<void>;
}

/** Opens a new database each time. */
export type OpenBenchDatabase = () => Promise<BenchDatabase>;

export const openBenchPglite: OpenBenchDatabase = () => open((dataDir) => ({ dataDir }));

/**
 * Opens databases for the bench on a PostgreSQL server.
 *
 * @param server address of the server without a database name at its end
 */
export function benchPostgres(server: string): OpenBenchDatabase {
  return async () => {
    const name = `bench_${randomBytes(6).toString('hex')}`;
    await runOnServer(server, `create database ${name}`);
    return open(
      () => ({ url: `${server}/${name}` }),
      () => runOnServer(server, `drop database ${name} with (force)`),
    );
  };
}

async function open(
  locate: (folder: string) => DatabaseLocation,
  drop: () => Promise<void> = async () => {},
): Promise<BenchDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'kontur-bench-'));
  const location = locate(folder);
  const database = await openDatabase(location);
  await runMigrations(database.kysely);
  return {
    location,
    database,
    folder,
    async remove() {
      await database.close();
      await drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
