import { authorise } from '../../../auth/authorise.ts';
import type { Acl, Action, Principal } from '../../../auth/principal.ts';

/**
 * Checks that the principal may do this to all these spaces.
 *
 * @throws KonturError `forbidden`
 */
export function authoriseSpaces(principal: Principal, action: Action, spaces: { space: string }[]): void {
  for (const { space } of spaces) authorise(principal, { acl: 'dataModelsAcl', action, space });
}

/**
 * The spaces that the principal may read, or whose nodes it may read; undefined if it may read all.
 *
 * @throws KonturError `forbidden` if it may read none
 */
export function readableSpaces(principal: Principal, acl: Acl): string[] | undefined {
  authorise(principal, { acl, action: 'READ' });
  const granting = principal.capabilities.filter((held) => held.acl === acl && held.actions.includes('READ'));
  if (granting.some(({ spaceIds }) => spaceIds === undefined)) return undefined;
  return [...new Set(granting.flatMap(({ spaceIds = [] }) => spaceIds))].sort();
}
