import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorEnvelope } from '#contract/error-envelope';
import { ERROR_KINDS, KonturError } from '#contract/errors';
import { ClientGone } from './gone-signal.ts';

const RETRY_LATER_SECONDS = 1;

/** What is wrong with an upload whose content type is none. */
export const notMediaType = (type: string) =>
  `The content type ${type} is no media type. Send one such as image/jpeg, or none.`;

/**
 * Renders every error of the API as the envelope; the only place that does. Faults of the server go to the log instead.
 */
export function handleError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  // Nobody reads the answer, and it is no fault of the server.
  if (error instanceof ClientGone) return void reply.send();
  const known = toKonturError(error, request);
  const { status, body } = toErrorEnvelope(known, request.id);
  if (isBrokenOff(error, request)) request.log.info('the client broke its request off');
  if (hidesCause(known)) request.log.error({ err: error }, 'the request failed');
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  if (status === 429 || status === 503) {
    reply.header('retry-after', known.details.retryAfterSeconds ?? RETRY_LATER_SECONDS);
  }
  reply.code(status).type('application/json; charset=utf-8').send(body);
}

/**
 * The envelope of an error (docs/contract.md#errors-envelope). The text of a fault of the server never leaves it: the
 * kind's meaning does.
 */
export function toErrorEnvelope(error: KonturError, requestId?: string): { status: number; body: ErrorEnvelope } {
  const { code, status, details } = error;
  const { missing, duplicated, current } = details;
  const lists = { ...(missing && { missing }), ...(duplicated && { duplicated }), ...(current && { current }) };
  const reference = requestId === undefined ? '' : ` (request ${requestId})`;
  const message = hidesCause(error) ? `${ERROR_KINDS[code].meaning}${reference}` : error.message;
  return {
    status,
    body: { error: { code: status, message, ...lists } } as ErrorEnvelope,
  };
}

/** Whether an error is the server's own, or a part's that is away: not what a client did. */
const hidesCause = ({ code, status }: KonturError) => status >= 500 && ERROR_KINDS[code].origin !== 'request';

/** Whether the client closed its connection before it had sent the whole request. */
const isBrokenOff = (error: unknown, { raw }: FastifyRequest) =>
  (error as { code?: string }).code === 'ECONNRESET' && !raw.complete;

function toKonturError(error: unknown, request: FastifyRequest): KonturError {
  if (error instanceof KonturError) return error;
  if (isBrokenOff(error, request))
    return new KonturError('invalid-request', 'The request broke off.', { cause: error });
  const { code, statusCode, message } = error as Partial<FastifyError>;
  switch (code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE': {
      const type = request.headers['content-type'];
      if (request.routeOptions.config.access === 'signed-link') {
        return new KonturError('unsupported-content-type', notMediaType(String(type)));
      }
      const found = type === undefined ? 'has no content type' : `has the content type ${type}`;
      return new KonturError('unsupported-content-type', `The body ${found}; send it as application/json.`);
    }
    case 'FST_ERR_BAD_URL':
      return new KonturError('invalid-request', 'The address is not validly percent-encoded.');
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new KonturError('not-found', 'A part of the path is longer than any name or id.');
  }
  if (code?.startsWith('Z_')) {
    const encoding = request.headers['content-encoding'];
    return new KonturError('invalid-request', `The body is not valid ${encoding}: ${message}.`);
  }
  if (statusCode !== undefined && statusCode < 500) return new KonturError('invalid-request', String(message));
  return new KonturError('internal', 'internal', { cause: error });
}
