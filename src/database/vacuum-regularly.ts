import { type Kysely, sql } from 'kysely';
import type { Schema } from './schema.ts';

/**
 * Vacuums at intervals, which frees the space of deleted and replaced rows and of the log, as the background processes
 * of a PostgreSQL server do. PGlite has none, and would grow with every job. Returns a function that stops it.
 */
export function vacuumRegularly(kysely: Kysely<Schema>, intervalMs: number): () => void {
  const timer = setInterval(() => {
    // The cause also fails the requests, and is reported there; the next interval tries again.
    sql`vacuum`
      .execute(kysely)
      .then(() => sql`checkpoint`.execute(kysely))
      .catch(() => {});
  }, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}
