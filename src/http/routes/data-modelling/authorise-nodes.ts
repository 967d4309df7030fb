import type { InstanceId } from '#contract/files/file-reference';
import { authorise, type Needed } from '../../../auth/authorise.ts';
import type { Action, Principal } from '../../../auth/principal.ts';
import { type Precondition, requireRights } from '../../require-rights.ts';

const READ_FILE_VIEW: Needed = { acl: 'dataModelsAcl', action: 'READ', space: 'cdf_cdm' };

/**
 * Checks that the principal may do this to the nodes of all these spaces and may read the view that they are accessed
 * through (docs/contract.md#instances-access).
 *
 * @throws KonturError `forbidden`
 */
export function authoriseNodes(principal: Principal, action: Action, nodes: InstanceId[]): void {
  authoriseFileView(principal);
  for (const space of new Set(nodes.map(({ space }) => space))) {
    authorise(principal, { acl: 'dataModelInstancesAcl', action, space });
  }
}

/**
 * Checks that the principal may read the view of files.
 *
 * @throws KonturError `forbidden`
 */
export function authoriseFileView(principal: Principal): void {
  authorise(principal, READ_FILE_VIEW);
}

/** Refuses clients that may do this to no node at all, before a byte of their body is read. */
export function requireNodes(action: Action): Precondition {
  return requireRights(READ_FILE_VIEW, { acl: 'dataModelInstancesAcl', action });
}
