import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

/** Receives what is sent on a channel by NOTIFY. */
export interface Listener {
  message(payload: string): void;
  /** Called when a lost connection has been restored: messages may have been missed. */
  reconnected(): void;
}

const CONNECT_MS = 5_000;
const RECONNECT_MS = 1_000;
/** Interval of the checks that detect a connection cut without notice. */
const CHECK_MS = 10_000;

/**
 * Listens on a dedicated connection, and reconnects for as long as it takes when it is lost.
 *
 * @returns a function that stops listening
 * @throws the error of the first attempt to connect
 */
export async function listenOnPostgres(url: string, channel: string, listener: Listener): Promise<() => Promise<void>> {
  const stopping = new AbortController();
  let client = await connect(url, channel, listener);

  async function keepConnected() {
    for (;;) {
      await untilLost(client, stopping.signal);
      await client.end().catch(() => {});
      while (!stopping.signal.aborted) {
        await delay(RECONNECT_MS, undefined, { signal: stopping.signal }).catch(() => {});
        const next = await connect(url, channel, listener).catch(() => undefined);
        if (next === undefined) continue;
        client = next;
        listener.reconnected();
        break;
      }
      if (stopping.signal.aborted) return client.end().catch(() => {});
    }
  }
  const ended = keepConnected();
  return async () => {
    stopping.abort();
    await ended;
  };
}

async function connect(url: string, channel: string, { message }: Listener): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: CONNECT_MS,
    keepAlive: true,
  });
  // Without a listener, a later error would end the process.
  client.on('error', () => {});
  client.on('notification', ({ payload = '' }) => message(payload));
  try {
    await client.connect();
    await client.query(`listen ${client.escapeIdentifier(channel)}`);
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}

/** Resolves when the connection is lost, or `signal` aborts. */
async function untilLost(client: pg.Client, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const over = new AbortController();
  const end = () => over.abort();
  client.once('end', end).once('error', end);
  signal.addEventListener('abort', end, { once: true });
  const timer = setInterval(() => void client.query('select 1').catch(end), CHECK_MS);
  await once(over.signal, 'abort');
  clearInterval(timer);
  signal.removeEventListener('abort', end);
}
