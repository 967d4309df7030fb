import type { TestProject } from 'vitest/node';
import { makeDataTemplate, makeTables } from './database-template.ts';
import { POSTGRES_VERSIONS, type PostgresVersion, runOnServer, startPostgresServer } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Addresses of PostgreSQL servers without a database name at their ends; see `openTestDatabase`. */
    postgresUrls: Partial<Record<PostgresVersion, string>>;
  }
}

/** Vitest global set-up: what test databases are made on, and copied from. */
export default async function startDatabases({ provide }: TestProject): Promise<() => Promise<void>> {
  if (!POSTGRES_VERSIONS.includes(13)) console.warn('PostgreSQL 13 is not to be had here: the tests run on 18 alone.');
  const urls: Partial<Record<PostgresVersion, string>> = {};
  const startServer = async (version: PostgresVersion) => {
    const server = await startPostgresServer(version);
    urls[version] = server.url;
    await runOnServer(server.url, 'create database kontur_template');
    await makeTables({ url: `${server.url}/kontur_template` });
    return server.remove;
  };
  const removals = await Promise.all([makeDataTemplate(), ...POSTGRES_VERSIONS.map(startServer)]);
  provide('postgresUrls', urls);
  return async () => {
    await Promise.all(removals.map((remove) => remove()));
  };
}
