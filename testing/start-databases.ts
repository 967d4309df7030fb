import type { TestProject } from 'vitest/node';
import { makeDataTemplate, makeTables } from './database-template.ts';
import { madeOnce } from './made-once.ts';
import { POSTGRES_VERSIONS, type PostgresVersion, runOnServer, startPostgresServer } from './postgres-server.ts';
import { runScript } from './run-script.ts';

type PostgresUrls = Partial<Record<PostgresVersion, string>>;

declare module 'vitest' {
  interface ProvidedContext {
    /** Addresses of PostgreSQL servers without a database name at their ends; see `openTestDatabase`. */
    postgresUrls: PostgresUrls;
  }
}

/**
 * Vitest global set-up: starts the servers that test databases are made on, and makes the template that they are copied
 * from.
 */
export default async function startDatabases({ provide }: TestProject): Promise<() => Promise<void>> {
  const { value, remove } = await madeOnce('databases', start);
  provide('postgresUrls', value);
  return remove;
}

async function start(): Promise<{ value: PostgresUrls; remove(): Promise<void> }> {
  if (POSTGRES_VERSIONS.includes(13)) runScript('install-oldest-postgres.mjs');
  else console.warn('PostgreSQL 13 is not to be had here: the tests run on 18 alone.');
  const urls: PostgresUrls = {};
  const startServer = async (version: PostgresVersion) => {
    const server = await startPostgresServer(version);
    urls[version] = server.url;
    await runOnServer(server.url, 'create database kontur_template');
    await makeTables({ url: `${server.url}/kontur_template` });
    return server.remove;
  };
  const removals = await Promise.all([makeDataTemplate(), ...POSTGRES_VERSIONS.map(startServer)]);
  return {
    value: urls,
    async remove() {
      await Promise.all(removals.map((remove) => remove()));
    },
  };
}
