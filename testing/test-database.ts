import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { type Database, type DatabaseLocation, openDatabase } from '../src/database/open-database.ts';
import { copyDataTemplate } from './database-template.ts';
import { type PostgresVersion, runOnServer } from './postgres-server.ts';

export type DatabaseKind = 'PGlite' | `PostgreSQL ${PostgresVersion}`;

/** Kinds of databases that every test of rows or of the queue runs on. */
export const DATABASE_KINDS: DatabaseKind[] = ['PGlite', ...postgresVersions().map(kindOf)];

/** Kinds of databases for long tests: PGlite and one PostgreSQL, since its versions differ in SQL and not in timing. */
export const FEWER_DATABASE_KINDS: DatabaseKind[] = DATABASE_KINDS.slice(0, 2);

export interface TestDatabase {
  database: Database;
  location: DatabaseLocation;
  /** Closes the database and deletes it. */
  remove(): Promise<void>;
}

interface Location {
  location: DatabaseLocation;
  remove(): Promise<void>;
}

/**
 * Makes the location of a database: a folder, or a database on a PostgreSQL server of the tests. It has all tables,
 * unless it is to be empty.
 */
export async function newLocation(kind: DatabaseKind, { empty = false } = {}): Promise<Location> {
  if (kind === 'PGlite') {
    const dataDir = await mkdtemp(join(tmpdir(), 'kontur-data-'));
    if (!empty) await copyDataTemplate(dataDir);
    return { location: { dataDir }, remove: () => rm(dataDir, { recursive: true, force: true }) };
  }
  const server = inject('postgresUrls')[postgresVersions().find((version) => kindOf(version) === kind)!]!;
  const name = `test_${randomBytes(6).toString('hex')}`;
  await runOnServer(server, `create database ${name} template ${empty ? 'template0' : 'kontur_template'}`);
  const remove = () => runOnServer(server, `drop database ${name} with (force)`);
  return { location: { url: `${server}/${name}` }, remove };
}

/** Makes a location on the newest PostgreSQL. */
export async function newPostgresDatabase(options?: {
  empty: boolean;
}): Promise<{ url: string; remove(): Promise<void> }> {
  const { location, remove } = await newLocation('PostgreSQL 18', options);
  if (!('url' in location)) throw new Error('PostgreSQL is reached by a URL.');
  return { url: location.url, remove };
}

/** Opens a migrated database for one test. */
export async function openTestDatabase(kind: DatabaseKind): Promise<TestDatabase> {
  return open(await newLocation(kind));
}

/** Opens an embedded database in a folder, which is not deleted with it. */
export async function openEmbeddedDatabase(dataDir: string): Promise<TestDatabase> {
  await copyDataTemplate(dataDir);
  return open({ location: { dataDir }, remove: async () => {} });
}

async function open({ location, remove }: Location): Promise<TestDatabase> {
  const database = await openDatabase(location);
  return {
    database,
    location,
    async remove() {
      await database.close();
      await remove();
    },
  };
}

/** Versions of PostgreSQL that run; see `startDatabases`. */
function postgresVersions(): PostgresVersion[] {
  return Object.keys(inject('postgresUrls')).map((version) => Number(version) as PostgresVersion);
}

function kindOf(version: PostgresVersion): DatabaseKind {
  return `PostgreSQL ${version}`;
}
