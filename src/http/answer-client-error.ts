import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { KonturError } from '#contract/errors';
import { toErrorEnvelope } from './error-handler.ts';

/**
 * Answers a request that Node's HTTP parser refuses with the error envelope. There is no Fastify request yet: Node
 * calls this with the bare connection.
 */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (socket.destroyed || error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy(error);
    return;
  }
  const { status, body } = toErrorEnvelope(whatWentWrong(error.code));
  const text = JSON.stringify(body);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}

function whatWentWrong(code: string | undefined): KonturError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new KonturError('headers-too-large', 'The headers of the request are larger than 16 KiB.');
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new KonturError('request-timeout', 'The request did not arrive in time.');
  }
  return new KonturError('invalid-request', 'The request is not valid HTTP.');
}
