import { join } from 'node:path';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { type ConstructorOptions, fromPglite } from 'pg-boss';
import { lockFolder } from './lock-folder.ts';
import { openPglite } from './pglite-client.ts';
import { pgliteDialect } from './pglite-dialect.ts';
import { type Listener, listenOnPostgres } from './postgres-listener.ts';
import { CONNECTION_LIMITS, createPostgresPool } from './postgres-pool.ts';
import type { Schema } from './schema.ts';
import { vacuumRegularly } from './vacuum-regularly.ts';

const VACUUM_INTERVAL_MS = 5 * 60_000;

/** Where the rows are: in a folder of this machine (PGlite, one process at a time) or on a PostgreSQL server. */
export type DatabaseLocation = { dataDir: string } | { url: string };

/** An open database. */
export interface Database {
  kysely: Kysely<Schema>;
  /** Whether the database is embedded, so that this process is the only one that uses it. */
  embedded: boolean;
  /**
   * Options for pg-boss that put its tables in this database. Its own commits, that a message was received or
   * completed, do not wait for the disk: a crash of PostgreSQL loses the latest commits and only those, as if the
   * worker had died before them (docs/decisions/0041-commits-that-do-not-wait.md).
   */
  queueConnection: Pick<
    ConstructorOptions,
    'db' | 'backend' | 'connectionString' | 'connectionTimeoutMillis' | 'options'
  > &
    Partial<typeof CONNECTION_LIMITS>;
  /**
   * Receives what is sent on a channel by NOTIFY, in this process or another. Returns a function that stops listening.
   */
  listen(channel: string, listener: Listener): Promise<() => Promise<void>>;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the database; `runMigrations` brings its tables up to date. A data folder is locked before anything in it is
 * touched. `onFailure` is called if an embedded database dies, after which the server cannot continue.
 */
export async function openDatabase(
  location: DatabaseLocation,
  { onFailure }: { onFailure?: (error: Error) => void } = {},
): Promise<Database> {
  return 'url' in location ? openPostgres(location.url) : openEmbedded(location.dataDir, onFailure);
}

async function openEmbedded(dataDir: string, onFailure?: (error: Error) => void): Promise<Database> {
  const lock = await lockFolder(dataDir);
  try {
    const client = await openPglite(join(dataDir, 'database'), onFailure);
    const kysely = new Kysely<Schema>({ dialect: pgliteDialect(client) });
    const stopVacuum = vacuumRegularly(kysely, VACUUM_INTERVAL_MS);
    return {
      ...opened(kysely, () => {
        stopVacuum();
        return lock.release();
      }),
      embedded: true,
      queueConnection: { db: fromPglite(client), backend: 'pglite' },
      listen: (channel, { message }) => client.listen(channel, message),
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function openPostgres(url: string): Database {
  return {
    ...opened(new Kysely<Schema>({ dialect: new PostgresDialect({ pool: createPostgresPool(url) }) })),
    embedded: false,
    queueConnection: {
      connectionString: url,
      ...CONNECTION_LIMITS,
      options: '-c synchronous_commit=off',
    },
    listen: (channel, listener) => listenOnPostgres(url, channel, listener),
  };
}

function opened(kysely: Kysely<Schema>, onClosed?: () => Promise<void>) {
  return {
    kysely,
    async ping() {
      await sql`select 1`.execute(kysely);
    },
    async close() {
      try {
        await kysely.destroy();
      } finally {
        await onClosed?.();
      }
    },
  };
}
