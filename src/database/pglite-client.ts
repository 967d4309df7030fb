import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { KonturError } from '#contract/errors';
import { siblingModule } from '../runtime/sibling-module.ts';
import { toDatabaseError } from './database-error.ts';
import type { PgliteErrorFields, PgliteRequest, PgliteResponse, PgliteResult } from './pglite-protocol.ts';

/** Runs statements on PGlite: one with parameters (`query`), or several without (`exec`). */
export interface PgliteConnection {
  query<R>(sql: string, parameters?: unknown[]): Promise<PgliteResult<R>>;
  exec(sql: string): Promise<PgliteResult[]>;
}

/** An open transaction: no other statement runs before it ends. `rollback` after the end does nothing. */
export interface PgliteTransaction extends PgliteConnection {
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** Client of the thread that runs PGlite, for use in the server's thread. */
export interface PgliteClient extends PgliteConnection {
  /** Begins a transaction without waiting for it: if it cannot begin, its first statement rejects. */
  begin(): PgliteTransaction;
  /** Calls `message` for every notification on the channel, until the returned function is called. */
  listen(channel: string, message: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

interface PendingCall {
  resolve: (result: never) => void;
  reject: (error: Error) => void;
}

type Operation = PgliteRequest extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never;

/**
 * Opens the PGlite database in `folder`, which is created if missing, in a worker thread. `onFailure` is called once if
 * the thread dies after that; calls then reject with `unavailable`.
 *
 * @throws Error if the folder holds no database that PGlite can open
 */
export async function openPglite(folder: string, onFailure?: (error: Error) => void): Promise<PgliteClient> {
  // The memory that creating a database takes is returned only when the thread that created it ends
  // (docs/decisions/0043-create-the-database-in-a-thread.md).
  if (!existsSync(join(folder, 'PG_VERSION'))) await (await startThread(folder)).close();
  return startThread(folder, onFailure);
}

async function startThread(folder: string, onFailure?: (error: Error) => void): Promise<PgliteClient> {
  const { url, ...flags } = siblingModule('pglite-worker', import.meta.url);
  const worker = new Worker(url, { workerData: { folder }, ...flags });
  const pending = new Map<number, PendingCall>();
  const listeners = new Map<string, Set<(payload: string) => void>>();
  let lastId = 0;
  let lastTransaction = 0;
  /** While `opened` is true and the client has not been closed, the end of the thread is a failure of the server. */
  let opened = false;
  let closing = false;
  let failure: KonturError | undefined;

  worker.on('message', (response: PgliteResponse) => {
    if ('channel' in response) {
      for (const message of listeners.get(response.channel) ?? []) message(response.payload);
      return;
    }
    const call = pending.get(response.id);
    pending.delete(response.id);
    if ('error' in response) call?.reject(toError(response.error));
    else call?.resolve(response.result as never);
  });

  const fail = (cause: Error) => {
    if (failure !== undefined) return;
    failure = new KonturError('unavailable', 'The database has stopped. Restart the server.', { cause });
    for (const { reject } of pending.values()) reject(failure);
    pending.clear();
    if (opened && !closing) onFailure?.(cause);
  };
  worker.on('error', fail);
  worker.on('exit', (code) => fail(new Error(`The database thread ended with code ${code}.`)));

  const answerTo = <T>(id: number) =>
    new Promise<T>((resolve, reject) => {
      pending.set(id, { resolve, reject });
    });
  const call = <T>(operation: Operation): Promise<T> => {
    if (failure !== undefined) return Promise.reject(failure);
    const id = ++lastId;
    const answer = answerTo<T>(id);
    worker.postMessage({ id, ...operation });
    return answer;
  };
  const connection = (transaction?: number): PgliteConnection => ({
    query: (sql, parameters = []) => call({ operation: 'query', sql, parameters, transaction }),
    exec: (sql) => call({ operation: 'exec', sql, transaction }),
  });

  try {
    await answerTo(0);
    opened = true;
  } catch (error) {
    await worker.terminate();
    throw failure?.cause ?? error;
  }
  return {
    ...connection(),
    begin() {
      const transaction = ++lastTransaction;
      // Rejects only when the thread ends, which rejects the statements that follow too.
      call({ operation: 'begin', transaction }).catch(() => {});
      return {
        ...connection(transaction),
        commit: () => call({ operation: 'commit', transaction }),
        rollback: () => call({ operation: 'rollback', transaction }),
      };
    },
    async listen(channel, message) {
      const heard = listeners.get(channel) ?? new Set();
      heard.add(message);
      if (!listeners.has(channel)) {
        listeners.set(channel, heard);
        await call({ operation: 'listen', channel });
      }
      return async () => void heard.delete(message);
    },
    async close() {
      if (failure !== undefined) return;
      closing = true;
      const exited = new Promise((resolve) => worker.once('exit', resolve));
      await call({ operation: 'close' });
      await exited;
    },
  };
}

function toError(fields: PgliteErrorFields): Error {
  return toDatabaseError(Object.assign(new Error(fields.message), fields)) as Error;
}
