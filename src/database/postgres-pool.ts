import type { PostgresPool, PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { isAway, toDatabaseError, UncertainCommit } from './database-error.ts';
import { createStatementNames } from './prepared-statements.ts';

/** How long the server is waited for, in milliseconds. */
export const CONNECTION_LIMITS = {
  connectionTimeoutMillis: 5_000,
  /** A server that is cut off without a word is given up after this time; our statements take milliseconds. */
  query_timeout: 60_000,
  keepAlive: true,
};
/** A process that stops in the middle of a transaction must not keep others from the rows for longer. */
const IDLE_TRANSACTION_MS = 10_000;

/**
 * Connections to a PostgreSQL server, opened as they are needed and again once the server is back.
 * Statements fail with KonturError `unavailable` while it is away.
 */
export function createPostgresPool(url: string): PostgresPool {
  const pool = new pg.Pool({
    connectionString: url,
    types: { getTypeParser },
    ...CONNECTION_LIMITS,
    idle_in_transaction_session_timeout: IDLE_TRANSACTION_MS,
  });
  // Broken connections are dropped and others opened; without listeners, the errors would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const nameOf = createStatementNames('kontur');
  return {
    async connect() {
      const client = await pool.connect().catch((error: unknown) => {
        throw toDatabaseError(error);
      });
      return guarded(client, nameOf);
    },
    end: () => pool.end(),
  };
}

function guarded(client: pg.PoolClient, nameOf: (text: string) => string | undefined): PostgresPoolClient {
  /** Nothing may be waiting for an answer on a connection that is used again. */
  let broken = false;
  const query = async (text: string, values: unknown[]) => {
    // The server does so by itself; a failure here would hide what went wrong before.
    if (broken && text === 'rollback') return { command: 'ROLLBACK', rowCount: 0, rows: [] };
    try {
      return await client.query({ name: nameOf(text), text, values });
    } catch (error) {
      broken ||= isAway(error as Error);
      // `unavailable` would promise that nothing was done.
      if (text === 'commit' && isAway(error as Error)) throw new UncertainCommit(error);
      throw toDatabaseError(error);
    }
  };
  // Of the two ways to call it, Kysely uses the one with a cursor only for streams, which we have none of.
  return { query: query as unknown as PostgresPoolClient['query'], release: () => client.release(broken) };
}

/** As PGlite does: int8 and int8[] become numbers; all ours are within the safe range. */
const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') => {
  const parse = pg.types.getTypeParser(oid, format as 'text');
  if (oid === pg.types.builtins.INT8) return Number;
  if (oid === INT8_ARRAY) return (text: string) => (parse(text) as string[]).map(Number);
  return parse;
};
const INT8_ARRAY = 1016;
