import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Database } from '../database/open-database.ts';
import { sharedSecret } from '../database/shared-secret.ts';

const MARK = 'kontur-store.json';

/**
 * Makes sure that a folder is the store of this database, by a file in it that carries the name which the database has for its
 * store. Processes whose folder is not the one that the others use, or is not mounted, are found out before they do harm: the
 * sweep would take the contents of another database's files for orphans.
 * @throws Error that says which folder, and what to do
 */
export async function claimStore({ kysely }: Pick<Database, 'kysely'>, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, MARK);
  const found = await readMark(file);
  let made: string | undefined;
  const name = await sharedSecret({ kysely }, 'store', () => {
    made = randomUUID();
    return made;
  });
  if (found === name) return;
  if (found !== undefined) {
    throw new Error(
      `The folder ${folder} is the store of another database. Give this one a folder of its own in KONTUR_BLOBS.`,
    );
  }
  if (name === made) {
    await writeFile(file, `${JSON.stringify({ store: name })}\n`, { flag: 'wx', flush: true });
    return;
  }
  // Another process may have named the store a moment ago, and be about to write this.
  for (let tries = 0; tries < TRIES; tries++) {
    if ((await readMark(file)) === name) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new Error(
    `The folder ${folder} is not the store of this database: it has no ${MARK}. All processes on a database share one folder; ` +
      'mount it, and name it in KONTUR_BLOBS.',
  );
}

const TRIES = 20;
const PAUSE_MS = 50;

async function readMark(file: string): Promise<string | undefined> {
  try {
    return (JSON.parse(await readFile(file, 'utf8')) as { store: string }).store;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
