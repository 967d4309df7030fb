import type { FastifyRequest } from 'fastify';
import { authorise, authoriseSomeFiles, type Needed } from '../auth/authorise.ts';

/** Looks at a request before its body is read. It throws KonturError to refuse it. */
export type Precondition = (request: FastifyRequest) => Promise<void>;

/**
 * Refuses clients that have the right to do this to no file at all, before a byte of their body is read. Which files they may do
 * it to is asked once those are known.
 *
 * @returns throws KonturError `forbidden`
 */
export function requireSomeFiles(action: 'READ' | 'WRITE'): Precondition {
  return async ({ principal }) => authoriseSomeFiles(principal, action);
}

/**
 * Refuses clients without any of these rights, in whatever scope, before a byte of their body is read.
 *
 * @returns throws KonturError `forbidden`
 */
export function requireRights(...rights: Needed[]): Precondition {
  return async ({ principal }) => {
    for (const needed of rights) authorise(principal, needed);
  };
}
