import { randomUUID } from 'node:crypto';

/** A new id for one request: a lower-case UUID, answered as `x-request-id` and written on its log lines (CONTRACT.md 2). */
export function newRequestId(): string {
  return randomUUID();
}
