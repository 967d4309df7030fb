/** Entry point of the thread that runs PGlite, which would otherwise block the event loop of the server. */
import { mkdirSync, statfsSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite, type Transaction } from '@electric-sql/pglite';
import { defined } from '#contract/defined';
import type { PgliteErrorFields, PgliteRequest, PgliteResponse, PgliteResult } from './pglite-protocol.ts';
import { createPgliteStatements } from './pglite-statements.ts';
import { PrivateNodeFs } from './private-node-fs.ts';

interface OpenTransaction {
  transaction: Transaction;
  /** Lets PGlite commit; `ended` has the result. */
  end: () => void;
  ended: Promise<void>;
}

/**
 * Least free space for writes. The log grows in large pieces, and if one is refused PGlite panics, which no later
 * statement survives.
 */
const LEAST_ROOM_BYTES = 64 * 1024 * 1024;
/** SQLSTATE (PostgreSQL documentation, appendix A). */
const READ_ONLY_TRANSACTION = '25006';
const DISK_FULL = '53100';
/** Result of a text without statements. */
const NO_ROWS: PgliteResult = { rows: [] };

const port = defined(parentPort, 'port to the thread that started this worker');
let diskFull = false;
const statements = { outside: createPgliteStatements('outside'), inTransaction: createPgliteStatements('inside') };
const transactions = new Map<number, Promise<OpenTransaction>>();
const answer = (response: PgliteResponse) => port.postMessage(response);

function errorFields(error: unknown): PgliteErrorFields {
  if (!(error instanceof Error)) return { message: String(error) };
  const { message, code, detail, hint, schema, table, column, constraint } = error as Error & PgliteErrorFields;
  if (diskFull && code === READ_ONLY_TRANSACTION) return { message: 'The disk is nearly full.', code: DISK_FULL };
  return { message, code, detail, hint, schema, table, column, constraint };
}

/** Makes later transactions read-only while the disk is nearly full. */
async function lookForRoom(pglite: PGlite): Promise<void> {
  const { bavail, bsize } = statfsSync(workerData.folder);
  const full = bavail * bsize < LEAST_ROOM_BYTES;
  if (full === diskFull) return;
  diskFull = full;
  await pglite.exec(`set default_transaction_read_only = ${full ? 'on' : 'off'}`);
}

async function handle(pglite: PGlite, request: PgliteRequest): Promise<unknown> {
  if (request.operation === 'begin') {
    // Answered right away: the statements of the transaction do not wait for it.
    const begun = begin(pglite);
    // Its statements report the error.
    begun.catch(() => {});
    transactions.set(request.transaction, begun);
    return undefined;
  }
  // Not within a transaction, because all other statements wait for its end.
  if ('transaction' in request && request.transaction === undefined) await lookForRoom(pglite);
  const running = 'transaction' in request ? await opened(request) : undefined;
  switch (request.operation) {
    case 'query':
      return (await run(pglite, request, running)).at(-1) ?? NO_ROWS;
    case 'exec':
      return run(pglite, request, running);
    case 'commit':
      if (running === undefined) throw new Error('The transaction has ended already.');
      transactions.delete(request.transaction);
      running.end();
      return running.ended;
    case 'rollback':
      if (running === undefined) return undefined;
      transactions.delete(request.transaction);
      await running.transaction.rollback();
      running.end();
      return running.ended;
    case 'listen': {
      const { channel } = request;
      await pglite.listen(channel, (payload) => answer({ channel, payload }));
      return undefined;
    }
    case 'close':
      return pglite.close();
  }
}

/**
 * Waits for the transaction of a statement to begin; undefined if it has ended.
 *
 * @throws the error that kept the transaction from beginning
 */
async function opened({
  operation,
  transaction,
}: PgliteRequest & { transaction?: number }): Promise<OpenTransaction | undefined> {
  if (transaction === undefined) return undefined;
  try {
    return await transactions.get(transaction);
  } catch (error) {
    if (operation !== 'rollback') throw error;
    transactions.delete(transaction);
    return undefined;
  }
}

function run(
  pglite: PGlite,
  request: PgliteRequest & { operation: 'query' | 'exec' },
  running: OpenTransaction | undefined,
): Promise<PgliteResult[]> {
  const parameters = request.operation === 'query' ? request.parameters : [];
  if (request.transaction === undefined) return statements.outside.run(pglite, request.sql, parameters);
  if (running === undefined) throw new Error('The transaction has ended already.');
  return statements.inTransaction.run(running.transaction, request.sql, parameters);
}

/** Resolves once the transaction has begun; PGlite holds all other statements back until it ends. */
async function begin(pglite: PGlite): Promise<OpenTransaction> {
  await lookForRoom(pglite);
  return await new Promise((begun, failed) => {
    const ended = pglite.transaction(
      (transaction) =>
        new Promise<void>((end) => {
          begun({ transaction, end, ended });
        }),
    );
    ended.catch(failed);
  });
}

try {
  mkdirSync(workerData.folder, { recursive: true, mode: 0o700 });
  const pglite = await PGlite.create({ fs: new PrivateNodeFs(workerData.folder) });
  const serve = async (request: PgliteRequest) => {
    try {
      answer({ id: request.id, result: await handle(pglite, request) });
    } catch (error) {
      // Unhandled, it ends the thread: the next statement, or the rollback, would never return.
      if ((error as { severity?: string }).severity === 'PANIC') throw error;
      answer({ id: request.id, error: errorFields(error) });
    }
    if (request.operation === 'close') port.close();
  };
  port.on('message', (request: PgliteRequest) => void serve(request));
  answer({ id: 0, result: undefined });
} catch (error) {
  answer({ id: 0, error: errorFields(error) });
}
