import { escapeLiteral } from 'pg';
import type { PgliteConnection } from './pglite-client.ts';
import type { PgliteResult } from './pglite-protocol.ts';
import { createStatementNames } from './prepared-statements.ts';

/** Runs statements on PGlite, those that are marked so prepared. */
export interface PgliteStatements {
  run(connection: PgliteConnection, text: string, parameters: unknown[]): Promise<PgliteResult | undefined>;
}

/** Plans are made anew after so many runs: nothing tells PGlite how its tables have grown since. */
const RUNS_OF_A_PLAN = 1_000;

/**
 * PGlite's client cannot prepare statements, but its SQL can.
 * @param names begin with this. Statements in transactions need names of their own: they overtake those that wait outside, so
 * what is prepared by the one may not be there yet for the other.
 */
export function createPgliteStatements(prefix: string): PgliteStatements {
  const nameOf = createStatementNames(prefix);
  const known = new Set<string>();
  let runs = 0;

  async function prepare(connection: PgliteConnection, name: string, text: string): Promise<void> {
    known.add(name);
    try {
      await connection.exec(`prepare ${name} as ${text}`);
    } catch (error) {
      known.delete(name);
      throw error;
    }
  }

  return {
    async run(connection, text, parameters) {
      // EXECUTE takes no empty list.
      const name = parameters.length === 0 ? undefined : nameOf(text);
      if (name !== undefined) {
        if (!known.has(name)) await prepare(connection, name, text);
        if (++runs % RUNS_OF_A_PLAN === 0) await connection.exec('discard plans');
        return (await connection.exec(`execute ${name}(${parameters.map(toLiteral).join()})`)).at(-1);
      }
      // As node-postgres does: only a text without parameters may hold several statements.
      return parameters.length === 0 ? (await connection.exec(text)).at(-1) : connection.query(text, parameters);
    },
  };
}

function toLiteral(value: unknown): string {
  return value === null || value === undefined ? 'null' : escapeLiteral(String(value));
}
