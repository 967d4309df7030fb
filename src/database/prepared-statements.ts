import { sql } from 'kysely';

const MARK = '/* prepared */';

/**
 * Marks a statement that runs for every job, at its end: connections to PostgreSQL keep it prepared, which spares the
 * database parsing and planning, most of its cost (PGlite: pglite-statements.ts). Only for statements of constant text
 * that find their rows by an index and name the columns that they return: the plan is kept while the tables grow, and
 * the list of columns while a newer version adds some.
 */
export const prepared = sql.raw(MARK);

/**
 * Creates a function that names marked statements, so that connections keep them prepared; other statements get no
 * name.
 */
export function createStatementNames(prefix: string): (text: string) => string | undefined {
  const names = new Map<string, string>();
  return (text) => {
    if (!text.endsWith(MARK)) return undefined;
    const name = names.get(text) ?? `${prefix}_${names.size + 1}`;
    names.set(text, name);
    return name;
  };
}
