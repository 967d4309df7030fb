import { randomUUID } from 'node:crypto';
import type { Database } from './open-database.ts';
import { sharedSecret } from './shared-secret.ts';

/** Access to the mark in a store that names the database it belongs to: a small text, kept as `kontur-store.json`. */
export interface StoreMark {
  /** Description of the store for messages, such as "folder /mnt/kontur". */
  place: string;
  /** Undefined where there is none. */
  read(): Promise<string | undefined>;
  write(text: string): Promise<void>;
}

/** Name of the mark in a store that names the database it belongs to. */
export const MARK = 'kontur-store.json';

/**
 * Checks that a store belongs to this database, by a mark in it with the name that the database has for its store. A
 * process whose store is not the one that the others use, or is not mounted, is detected before it does harm: the sweep
 * would delete the contents of another database's files as orphans.
 *
 * @throws Error that says which store, and what to do
 */
export async function claimStore({ kysely }: Pick<Database, 'kysely'>, mark: StoreMark): Promise<void> {
  const found = await readName(mark);
  let made: string | undefined;
  const name = await sharedSecret({ kysely }, 'store', () => {
    made = randomUUID();
    return made;
  });
  if (found === name) return;
  if (found !== undefined) {
    throw new Error(
      `The ${mark.place} is the store of another database. Give this one a place of its own in KONTUR_BLOBS.`,
    );
  }
  if (name === made) {
    await mark.write(`${JSON.stringify({ store: name })}\n`);
    return;
  }
  // Another process may have just named the store, and be about to write the mark.
  for (let tries = 0; tries < TRIES; tries++) {
    if ((await readName(mark)) === name) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new Error(
    `The ${mark.place} is not the store of this database: it has no ${MARK}. All processes on a database share one store; ` +
      'name it in KONTUR_BLOBS, and mount it if it is a folder.',
  );
}

const TRIES = 20;
const PAUSE_MS = 50;

async function readName(mark: StoreMark): Promise<string | undefined> {
  const text = await mark.read();
  if (text === undefined) return undefined;
  try {
    return (JSON.parse(text) as { store: string }).store;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
