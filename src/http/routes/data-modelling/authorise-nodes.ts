import type { InstanceId } from '#contract/files/file-reference';
import { authorise } from '../../../auth/authorise.ts';
import type { Action, Principal } from '../../../auth/principal.ts';

/**
 * Lets the principal pass if it may do this to the nodes of all these spaces, and may read the view that they go through
 * (docs/contract.md#instances-access).
 *
 * @throws KonturError `forbidden`
 */
export function authoriseNodes(principal: Principal, action: Action, nodes: InstanceId[]): void {
  authoriseFileView(principal);
  for (const space of new Set(nodes.map(({ space }) => space))) {
    authorise(principal, { acl: 'dataModelInstancesAcl', action, space });
  }
}

/** @throws KonturError `forbidden` where the principal may not read the view of files */
export function authoriseFileView(principal: Principal): void {
  authorise(principal, { acl: 'dataModelsAcl', action: 'READ', space: 'cdf_cdm' });
}
