import { randomUUID } from 'node:crypto';

/**
 * A new id for one request: a lower-case UUID, answered as `x-request-id` and written on its log lines
 * (docs/contract.md#transport-response-headers).
 */
export function newRequestId(): string {
  return randomUUID();
}
