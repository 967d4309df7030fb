import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type { PgliteClient, PgliteTransaction } from './pglite-client.ts';

/** Kysely dialect for PGlite: the PostgreSQL dialect on Kontur's client. */
export function pgliteDialect(client: PgliteClient): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new PgliteDriver(client),
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

class PgliteDriver implements Driver {
  readonly #client: PgliteClient;

  constructor(client: PgliteClient) {
    this.#client = client;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PgliteDriverConnection> {
    return new PgliteDriverConnection(this.#client);
  }

  async beginTransaction(connection: PgliteDriverConnection): Promise<void> {
    connection.transaction = this.#client.begin();
  }

  async commitTransaction(connection: PgliteDriverConnection): Promise<void> {
    await connection.transaction?.commit();
  }

  async rollbackTransaction(connection: PgliteDriverConnection): Promise<void> {
    await connection.transaction?.rollback();
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {
    await this.#client.close();
  }
}

class PgliteDriverConnection implements DatabaseConnection {
  transaction: PgliteTransaction | undefined;
  readonly #client: PgliteClient;

  constructor(client: PgliteClient) {
    this.#client = client;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, affectedRows = 0 } = await (this.transaction ?? this.#client).query<R>(sql, [...parameters]);
    return { rows, numAffectedRows: BigInt(affectedRows) };
  }

  // biome-ignore lint/correctness/useYield: Kysely asks for the method, PGlite has no cursors
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('Rows cannot be streamed from PGlite.');
  }
}
