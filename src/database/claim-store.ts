import { randomUUID } from 'node:crypto';
import type { Database } from './open-database.ts';
import { sharedSecret } from './shared-secret.ts';

/** Where a store says whose it is: a small text in it, kept as `kontur-store.json`. */
export interface StoreMark {
  /** What the store is, for messages: "folder /mnt/kontur", say. */
  place: string;
  /** Undefined where there is none. */
  read(): Promise<string | undefined>;
  write(text: string): Promise<void>;
}

export const MARK = 'kontur-store.json';

/**
 * Makes sure that a store is that of this database, by a mark in it with the name which the database has for its store. Processes
 * whose store is not the one that the others use, or is not mounted, are found out before they do harm: the sweep would take the
 * contents of another database's files for orphans.
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
  // Another process may have named the store a moment ago, and be about to write this.
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
