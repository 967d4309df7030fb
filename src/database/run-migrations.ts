import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { type Kysely, sql, type Transaction } from 'kysely';
import { refuseOldServer } from './refuse-old-server.ts';
import type { Schema } from './schema.ts';

/** `migrations/` of the package, the same from src/ and from dist/. */
const MIGRATIONS_FOLDER = new URL('../../migrations/', import.meta.url);
/** Key of the lock; an arbitrary number, the same for every Kontur server. */
const ADVISORY_LOCK = 7_226_011_957;

interface Migration {
  version: number;
  name: string;
  text: string;
  checksum: string;
}

/**
 * Applies every migration that the database does not have yet, in order, all or none; several servers may call it at
 * once.
 *
 * @returns the names of the migrations that were applied now
 * @throws Error if the database was written by a newer version, an applied migration has been changed since, or the
 * PostgreSQL server is too old for Kontur
 */
export async function runMigrations(kysely: Kysely<Schema>, folder: URL = MIGRATIONS_FOLDER): Promise<string[]> {
  const migrations = await readMigrations(folder);
  await refuseOldServer(kysely);
  return kysely.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${ADVISORY_LOCK}::bigint)`.execute(transaction);
    const applied = await readApplied(transaction);
    checkApplied(applied, migrations);
    const missing = migrations.filter(({ version }) => !applied.has(version));
    for (const { version, name, text, checksum } of missing) {
      await sql.raw(text).execute(transaction);
      await sql`insert into schema_migrations (version, name, checksum) values (${version}, ${name}, ${checksum})`.execute(
        transaction,
      );
    }
    return missing.map(({ name }) => name);
  });
}

async function readMigrations(folder: URL): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-.+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, folder), 'utf8');
      return {
        version: Number(name.slice(0, 4)),
        name,
        text,
        checksum: createHash('sha256').update(text).digest('hex'),
      };
    }),
  );
}

async function readApplied(transaction: Transaction<Schema>): Promise<Map<number, { name: string; checksum: string }>> {
  await sql`
    create table if not exists schema_migrations (
      version integer primary key,
      name text not null,
      checksum text not null,
      applied_at timestamptz not null default now()
    )`.execute(transaction);
  const { rows } = await sql<{ version: number; name: string; checksum: string }>`
    select version, name, checksum from schema_migrations`.execute(transaction);
  return new Map(rows.map(({ version, ...rest }) => [version, rest]));
}

function checkApplied(applied: Map<number, { name: string; checksum: string }>, migrations: Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.version, migration]));
  const newest = Math.max(0, ...known.keys());
  for (const [version, { name, checksum }] of applied) {
    if (!known.has(version)) {
      throw new Error(
        `The database was written by a newer Kontur (it has ${name}; this version knows migrations up to ${newest}). ` +
          'Install that version or a later one.',
      );
    }
    if (known.get(version)?.checksum !== checksum) {
      throw new Error(`The migration ${name} differs from the one that made this database. Reinstall Kontur.`);
    }
  }
}
