import { type Kysely, sql } from 'kysely';
import { defined } from '#contract/defined';
import type { Schema } from './schema.ts';

/** Oldest version of PostgreSQL that the tests run on, besides the newest. */
const OLDEST_SUPPORTED = 13;

/**
 * Refuses a PostgreSQL server that is older than any that Kontur is tested on.
 *
 * @throws Error that says what to do
 */
export async function refuseOldServer(kysely: Kysely<Schema>): Promise<void> {
  const {
    rows: [row],
  } = await sql<{ number: number }>`
    select current_setting('server_version_num')::integer as number`.execute(kysely);
  // Six digits since PostgreSQL 10: 130023 is 13.23.
  const version = Math.floor(defined(row, 'version of the database server').number / 10_000);
  if (version >= OLDEST_SUPPORTED) return;
  throw new Error(
    `The PostgreSQL server has version ${version}, and Kontur needs ${OLDEST_SUPPORTED} or newer. ` +
      'Upgrade it, or name another in KONTUR_DATABASE_URL.',
  );
}
