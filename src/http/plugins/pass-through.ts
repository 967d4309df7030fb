import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingHttpHeaders } from 'node:http';
import replyFrom from '@fastify/reply-from';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Agent, type Dispatcher } from 'undici';
import { KonturError } from '#contract/errors';
import { goneSignal } from '../gone-signal.ts';
import { acceptStreams } from './accept-streams.ts';
import { toOwnHeaders, toUpstreamHeaders } from './pass-through-headers.ts';

/** Root of the API; nothing else of the upstream is reachable through this server. */
const API_PREFIX = '/api/';
/**
 * Shorter than the time after which a silent connection of a client is closed (create-app.ts), so that it gets an
 * answer.
 */
const PATIENCE_MS = 55_000;

/**
 * Forwards every request below /api that no other route takes to the upstream, and its answer back: paths, bodies and
 * end-to-end headers unchanged, streamed both ways, redirects not followed. The upstream authenticates the caller.
 */
export async function passThrough(scope: FastifyInstance, upstream: string): Promise<void> {
  acceptStreams(scope);
  const agent = new Agent({ headersTimeout: PATIENCE_MS, bodyTimeout: PATIENCE_MS });
  scope.addHook('onClose', () => agent.destroy());
  const clientGone = new AsyncLocalStorage<AbortSignal>();
  await scope.register(replyFrom, {
    base: upstream,
    // Our own agent, because the plugin's accepts any certificate; its requests end when the client disconnects.
    undici: { request: abortable(agent, clientGone) },
    disableRequestLogging: true,
  });

  scope.all(`${API_PREFIX}*`, { config: { access: 'upstream' }, schema: { hide: true } }, (request, reply) => {
    refuseOtherPaths(request, upstream);
    clientGone.run(goneSignal(reply), () =>
      reply.from(undefined, {
        // A refusal by the upstream is an answer too: only the client knows whether to retry.
        retryDelay: () => null,
        rewriteRequestHeaders: (_request, headers) => toUpstreamHeaders(headers),
        rewriteHeaders: (headers) => toOwnHeaders(headers as IncomingHttpHeaders, reply.getHeader('vary')),
        onError: (_reply, { error }) => answerFailure(reply, error),
      }),
    );
    return reply;
  });
}

function abortable(agent: Agent, clientGone: AsyncLocalStorage<AbortSignal>): Dispatcher['request'] {
  const request = (options: Dispatcher.RequestOptions, ...rest: unknown[]) =>
    agent.request({ ...options, signal: clientGone.getStore() }, ...(rest as []));
  return request as Dispatcher['request'];
}

/** Refuses dots and backslashes, which may lead to another path once an address is normalised. */
function refuseOtherPaths({ url }: FastifyRequest, upstream: string): void {
  const [path = ''] = url.split('?');
  if (new URL(path, upstream).pathname.startsWith(API_PREFIX) && !/(^|\/)\.\.?(\/|$)/.test(decodeURI(path))) return;
  throw new KonturError('invalid-request', 'The path holds a step out of /api, which is not passed on.');
}

function answerFailure(reply: FastifyReply, cause: Error): void {
  if (reply.raw.destroyed) return;
  reply.send(new KonturError('upstream-unavailable', 'The upstream cannot be reached.', { cause }));
}
