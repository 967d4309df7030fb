import type { TestProject } from 'vitest/node';
import { startPostgresServer } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of a PostgreSQL server without a database name at its end; see `openTestDatabase`. */
    postgresUrl: string;
  }
}

/** Vitest global set-up: the PostgreSQL server that the tests share. */
export default async function startPostgres({ provide }: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgresServer();
  provide('postgresUrl', server.url);
  return server.remove;
}
