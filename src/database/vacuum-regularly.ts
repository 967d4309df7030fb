import { type Kysely, sql } from 'kysely';
import type { Schema } from './schema.ts';

/**
 * Gives the space of deleted and replaced rows back at intervals, and that of the log, as the background processes of a
 * PostgreSQL server do; PGlite has none, and would grow with every job. Returns a function that ends it.
 */
export function vacuumRegularly(kysely: Kysely<Schema>, intervalMs: number): () => void {
  const timer = setInterval(() => {
    // What went wrong goes wrong for the requests too, and is reported there; the next round tries again.
    sql`vacuum`
      .execute(kysely)
      .then(() => sql`checkpoint`.execute(kysely))
      .catch(() => {});
  }, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}
