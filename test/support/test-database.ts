import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { type Database, type DatabaseLocation, openDatabase } from '../../src/database/open-database.ts';
import { runMigrations } from '../../src/database/run-migrations.ts';

/** Every test of rows or of the queue runs on both. */
export const DATABASE_KINDS = ['PGlite', 'PostgreSQL'] as const;
export type DatabaseKind = (typeof DATABASE_KINDS)[number];

export interface TestDatabase {
  database: Database;
  location: DatabaseLocation;
  /** Closes the database and deletes it. */
  remove(): Promise<void>;
}

/** An empty place for a database: a folder, or a new database on the PostgreSQL server of the tests. */
export async function newLocation(
  kind: DatabaseKind,
): Promise<{ location: DatabaseLocation; remove(): Promise<void> }> {
  if (kind === 'PGlite') {
    const dataDir = await mkdtemp(join(tmpdir(), 'kontur-data-'));
    return { location: { dataDir }, remove: () => rm(dataDir, { recursive: true, force: true }) };
  }
  const server = inject('postgresUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(`create database ${name}`);
  return { location: { url: `${server}/${name}` }, remove: () => onServer(`drop database ${name} with (force)`) };
}

/** A migrated database of the test's own. */
export async function openTestDatabase(kind: DatabaseKind): Promise<TestDatabase> {
  const { location, remove } = await newLocation(kind);
  const database = await openDatabase(location);
  await runMigrations(database.kysely);
  return {
    database,
    location,
    async remove() {
      await database.close();
      await remove();
    },
  };
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${inject('postgresUrl')}/postgres` });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
