import { PassThrough, type Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { KonturError } from '#contract/errors';

/** An open stream of server-sent events to one client (HTML standard, section 9.2). */
export interface EventStream {
  /** To be sent as the body of the answer. */
  body: Readable;
  send(event: string, data: object): void;
  end(): void;
}

/** The open event streams of an app, limited in number. */
export interface EventStreams {
  /**
   * Opens a stream.
   *
   * @param onClosed called once the stream has ended, for any reason
   * @throws KonturError `too-many-streams`
   */
  open(onClosed: () => void): EventStream;
}

/** Streams that may be open at the same time. */
const MOST_STREAMS = 200;
/** Shorter than the minute after which proxies and the server itself drop a silent connection. */
const HEARTBEAT_MS = 15_000;
/** Rights are checked only when a stream is opened, so none stays open for longer; standard clients reconnect. */
const LONGEST_MS = 15 * 60_000;
/** A client that leaves more than this unread is disconnected. */
const MOST_UNREAD_BYTES = 1_000_000;
const RETRY_AFTER_SECONDS = 10;

/** Server-sent event streams of one app, ended when the app closes. */
export function createEventStreams(
  app: FastifyInstance,
  { most = MOST_STREAMS, heartbeatMs = HEARTBEAT_MS } = {},
): EventStreams {
  const open = new Set<PassThrough>();
  app.addHook('preClose', async () => {
    for (const body of open) body.end();
  });

  return {
    open(onClosed) {
      if (open.size >= most) {
        throw new KonturError(
          'too-many-streams',
          `${most} event streams are open on this server already. Poll, or try later.`,
          {
            retryAfterSeconds: RETRY_AFTER_SECONDS,
          },
        );
      }
      const body = new PassThrough();
      open.add(body);
      const write = (text: string) => {
        if (body.writableEnded || body.destroyed) return;
        if (body.writableLength > MOST_UNREAD_BYTES) body.destroy();
        else body.write(text);
      };
      // Sent at once, so that the client knows that it is heard.
      write(': open\n\n');
      const heartbeat = setInterval(() => write(': still here\n\n'), heartbeatMs);
      const longest = setTimeout(() => body.end(), LONGEST_MS);
      body.once('close', () => {
        clearInterval(heartbeat);
        clearTimeout(longest);
        open.delete(body);
        onClosed();
      });
      return {
        body,
        send: (event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
        end: () => void body.end(),
      };
    },
  };
}
