import { randomUUID } from 'node:crypto';

/**
 * Generates the id of a request: a lower-case UUID, sent as `x-request-id` and written on its log lines
 * (docs/contract.md#transport-response-headers).
 */
export function newRequestId(): string {
  return randomUUID();
}
