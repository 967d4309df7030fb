import { join } from 'node:path';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { type ConstructorOptions, fromPglite } from 'pg-boss';
import { lockFolder } from './lock-folder.ts';
import { openPglite } from './pglite-client.ts';
import { pgliteDialect } from './pglite-dialect.ts';
import type { Schema } from './schema.ts';
import { vacuumRegularly } from './vacuum-regularly.ts';

const VACUUM_INTERVAL_MS = 5 * 60_000;

/** Where the rows are: in a folder of this machine (PGlite, one process at a time) or on a PostgreSQL server. */
export type DatabaseLocation = { dataDir: string } | { url: string };

/** An open database. */
export interface Database {
  kysely: Kysely<Schema>;
  /** Embedded: this process is the only one that uses the database. */
  embedded: boolean;
  /** What pg-boss is constructed with so that its tables lie in this database. */
  queueConnection: Pick<ConstructorOptions, 'db' | 'backend' | 'connectionString'>;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the database; `runMigrations` brings its tables up to date. A data folder is locked before anything in it is
 * touched. `onFailure` is called when an embedded database dies under the server, which cannot go on then.
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
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function openPostgres(url: string): Database {
  const pool = new pg.Pool({ connectionString: url, types: { getTypeParser } });
  // The pool drops a broken idle connection and opens another; without a listener the error would end the process.
  pool.on('error', () => {});
  return {
    ...opened(new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })),
    embedded: false,
    queueConnection: { connectionString: url },
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

/** As PGlite does: int8 and int8[] become numbers; all ours are within the safe range. */
const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') => {
  const parse = pg.types.getTypeParser(oid, format as 'text');
  if (oid === pg.types.builtins.INT8) return Number;
  if (oid === INT8_ARRAY) return (text: string) => (parse(text) as string[]).map(Number);
  return parse;
};
const INT8_ARRAY = 1016;
