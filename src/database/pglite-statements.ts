import utils from 'pg/lib/utils.js';
import type { PgliteResult } from './pglite-protocol.ts';

/** PGlite, or a transaction in it. */
interface PgliteTarget {
  query(text: string, parameters: unknown[]): Promise<PgliteResult>;
  exec(text: string): Promise<PgliteResult[]>;
}

/** Runs statements on PGlite, and prepares those that recur. */
export interface PgliteStatements {
  /** Results of all statements in the text; a text with parameters has only one. */
  run(target: PgliteTarget, text: string, parameters?: unknown[]): Promise<PgliteResult[]>;
}

/** Runs of a text before it is prepared. */
const RUNS_BEFORE = 2;
/** Most texts that are counted: more than this occur only if values are part of the text. */
const MOST_TEXTS = 200;
/** Runs of a plan before it is made again: PGlite does not learn how its tables have grown since. */
const RUNS_OF_A_PLAN = 1_000;
/** Matches a single statement of the kinds that PREPARE accepts. */
const PREPARABLE = /^\s*(?:select|insert|update|delete|with)\b[^;]*$/i;

/**
 * Creates a runner that prepares recurring statements. Parsing and planning takes PGlite longer than running, and its
 * client cannot prepare statements, but its SQL can.
 *
 * @param prefix names begin with this. Statements in transactions need other names: they overtake those that wait
 * outside, so a statement prepared by the one may not exist yet for the other
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
        // Set right away: the next statement waits behind this one.
        statement.prepared = true;
        try {
          await target.exec(`prepare ${name} as ${text}`);
        } catch (error) {
          statement.prepared = false;
          throw error;
        }
      }
      if (++runs % RUNS_OF_A_PLAN === 0) await target.exec('discard plans');
      // EXECUTE accepts no empty list.
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
