import { KonturError } from '../contract/error-codes.ts';
import type { Acl, Action, Principal } from './principal.ts';

/** The hosted API words every refusal like this, so that it never tells whether the thing exists (CONTRACT.md 2). */
export const FORBIDDEN_MESSAGE = 'Resource not found. This may also be due to insufficient access rights.';

/**
 * Lets the principal pass if one of its capabilities grants the action.
 *
 * @throws KonturError `forbidden`
 */
export function authorise(principal: Principal, needed: { acl: Acl; action: Action }): void {
  const granted = principal.capabilities.some(
    ({ acl, actions }) => acl === needed.acl && actions.includes(needed.action),
  );
  if (!granted) throw new KonturError('forbidden', FORBIDDEN_MESSAGE);
}
