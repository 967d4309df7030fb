import type { PostgresPool, PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { isAway, toDatabaseError, UncertainCommit } from './database-error.ts';
import { createStatementNames } from './prepared-statements.ts';

/** Time limits of connections and queries, in milliseconds. */
export const CONNECTION_LIMITS = {
  connectionTimeoutMillis: 5_000,
  /**
   * Limit of a query, after which a server that is cut off without notice is given up; Kontur's statements are far
   * faster.
   */
  query_timeout: 60_000,
  keepAlive: true,
};
/** Limit of an idle transaction: a process that stops in the middle of one must not lock rows for longer. */
const IDLE_TRANSACTION_MS = 10_000;

/**
 * Connections to a PostgreSQL server, opened on demand and again once the server is back. Statements fail with
 * KonturError `unavailable` while it is away.
 */
export function createPostgresPool(url: string): PostgresPool {
  const pool = new pg.Pool({
    connectionString: url,
    types: { getTypeParser },
    ...CONNECTION_LIMITS,
    idle_in_transaction_session_timeout: IDLE_TRANSACTION_MS,
  });
  // Broken connections are dropped and replaced; without listeners, their errors would end the process.
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
  /** Set when a statement got no answer: the connection must not be used again. */
  let broken = false;
  const query = async (text: string, values: unknown[]) => {
    // The server rolls back by itself; a failure here would hide the original error.
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
  // Kysely uses the variant with a cursor only for streams, which Kontur does not use.
  return { query: query as unknown as PostgresPoolClient['query'], release: () => client.release(broken) };
}

/** Parses int8 and int8[] as numbers, like PGlite; all values of Kontur are within the safe range. */
const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') => {
  const parse = pg.types.getTypeParser(oid, format as 'text');
  if (oid === pg.types.builtins.INT8) return Number;
  if (oid === INT8_ARRAY) return (text: string) => (parse(text) as string[]).map(Number);
  return parse;
};
const INT8_ARRAY = 1016;
