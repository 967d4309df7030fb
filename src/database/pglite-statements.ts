import utils from 'pg/lib/utils.js';
import type { PgliteResult } from './pglite-protocol.ts';

/** PGlite, or a transaction in it. */
interface PgliteTarget {
  query(text: string, parameters: unknown[]): Promise<PgliteResult>;
  exec(text: string): Promise<PgliteResult[]>;
}

/** Runs statements on PGlite, those that come again and again prepared. */
export interface PgliteStatements {
  /** Results of all statements in the text, of which there is one where it has parameters. */
  run(target: PgliteTarget, text: string, parameters?: unknown[]): Promise<PgliteResult[]>;
}

/** A text that has come so often before is prepared. */
const RUNS_BEFORE = 2;
/** No more texts are remembered: so many come only where values are part of them. */
const MOST_TEXTS = 200;
/** Plans are made anew after so many runs: nothing tells PGlite how its tables have grown since. */
const RUNS_OF_A_PLAN = 1_000;
/** One statement of the kinds that PREPARE takes. */
const PREPARABLE = /^\s*(?:select|insert|update|delete|with)\b[^;]*$/i;

/**
 * Parsing and planning a statement takes PGlite longer than running it, and its client cannot prepare any; but its SQL can.
 * @param prefix names begin with this. Statements in transactions need names of their own: they overtake those that wait outside, so
 * what is prepared by the one may not be there yet for the other.
 */
export function createPgliteStatements(prefix: string): PgliteStatements {
  const texts = new Map<string, { name: string; runs: number; prepared: boolean }>();
  let runs = 0;

  function remember(text: string) {
    const known = texts.get(text);
    if (known !== undefined || texts.size === MOST_TEXTS || !PREPARABLE.test(text)) return known;
    const added = { name: `${prefix}_${texts.size}`, runs: 0, prepared: false };
    texts.set(text, added);
    return added;
  }

  return {
    async run(target, text, parameters = []) {
      const statement = remember(text);
      if (statement === undefined || statement.runs++ < RUNS_BEFORE) {
        return parameters.length === 0 ? target.exec(text) : [await target.query(text, parameters)];
      }
      const { name } = statement;
      if (!statement.prepared) {
        // At once: whoever comes next waits behind this one for its turn.
        statement.prepared = true;
        try {
          await target.exec(`prepare ${name} as ${text}`);
        } catch (error) {
          statement.prepared = false;
          throw error;
        }
      }
      if (++runs % RUNS_OF_A_PLAN === 0) await target.exec('discard plans');
      // EXECUTE takes no empty list.
      const list = parameters.length === 0 ? '' : `(${parameters.map(toLiteral).join()})`;
      return target.exec(`execute ${name}${list}`);
    },
  };
}

function toLiteral(value: unknown): string {
  const prepared = utils.prepareValue(value);
  if (prepared === null) return 'null';
  return utils.escapeLiteral(typeof prepared === 'string' ? prepared : `\\x${prepared.toString('hex')}`);
}
