import type { FastifyRequest } from 'fastify';
import { authorise, authoriseSomeFiles, isAuthorised, type Needed } from '../auth/authorise.ts';

/** Checks a request before its body is read; throws KonturError to refuse it. */
export type Precondition = (request: FastifyRequest) => Promise<void>;

/**
 * Refuses clients that may do this to no file at all, before a byte of their body is read. The rights to particular
 * files are checked once those are known.
 *
 * @returns a precondition that throws KonturError `forbidden`
 */
export function requireSomeFiles(action: 'READ' | 'WRITE'): Precondition {
  return async ({ principal }) => authoriseSomeFiles(principal, action);
}

/**
 * Refuses clients that have none of these rights in any scope, before a byte of their body is read.
 *
 * @returns a precondition that throws KonturError `forbidden`
 */
export function requireRights(...rights: Needed[]): Precondition {
  return async ({ principal }) => {
    for (const needed of rights) authorise(principal, needed);
  };
}

/**
 * Refuses clients that have none of these rights in any scope, before a byte of their body is read.
 *
 * @returns a precondition that throws KonturError `forbidden`
 */
export function requireOneOf(...rights: [Needed, ...Needed[]]): Precondition {
  return async ({ principal }) => {
    const [first, ...others] = rights;
    if (!others.some((needed) => isAuthorised(principal, needed))) authorise(principal, first);
  };
}
