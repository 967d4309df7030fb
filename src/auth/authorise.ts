import { KonturError } from '#contract/errors';
import type { InstanceId } from '#contract/files/file-reference';
import type { Acl, Action, Capability, Principal } from './principal.ts';

/** Text of every 403: it never says whether the thing exists (docs/contract.md#errors-forbidden). */
export const FORBIDDEN_MESSAGE = 'Resource not found. This may also be due to insufficient access rights.';

/** The rights that a request needs. With neither data set nor space, a capability of any scope is enough. */
export interface Needed {
  acl: Acl;
  action: Action;
  /** Data set of the resource; null for one in no data set, which only an unlimited capability covers. */
  dataSetId?: number | null;
  space?: string;
}

/**
 * Checks that one of the principal's capabilities grants the action.
 *
 * @throws KonturError `forbidden`
 */
export function authorise(principal: Principal, needed: Needed): void {
  if (!isAuthorised(principal, needed)) throw forbidden();
}

/** Whether `authorise` accepts the principal. */
export function isAuthorised({ capabilities }: Principal, needed: Needed): boolean {
  return capabilities.some((capability) => grants(capability, needed));
}

/**
 * Checks that the principal may do this to the file. Files created as nodes are also covered by the capability on the
 * nodes of their space (docs/contract.md#instances-access). Undefined stands for a deleted file: its data set is
 * unknown, so only a capability for all files covers what remains of it.
 *
 * @throws KonturError `forbidden`
 */
export function authoriseFile(
  principal: Principal,
  action: 'READ' | 'WRITE',
  file: { dataSetId?: number; instanceId?: InstanceId } | undefined,
): void {
  if (!mayAccessFile(principal, action, file)) throw forbidden();
}

/**
 * Checks that there may be files that the principal may do this to; called before any are looked up.
 *
 * @throws KonturError `forbidden`
 */
export function authoriseSomeFiles({ capabilities }: Principal, action: 'READ' | 'WRITE'): void {
  const ways = ['filesAcl', 'dataModelInstancesAcl'] as const;
  const granted = ways.some((acl) => capabilities.some((capability) => grants(capability, { acl, action })));
  if (!granted) throw forbidden();
}

/** Whether `authoriseFile` accepts the principal. */
export function mayAccessFile(
  { capabilities }: Principal,
  action: 'READ' | 'WRITE',
  file: { dataSetId?: number; instanceId?: InstanceId } | undefined,
): boolean {
  const ways: Needed[] = [{ acl: 'filesAcl', action, dataSetId: file?.dataSetId ?? null }];
  if (file?.instanceId) ways.push({ acl: 'dataModelInstancesAcl', action, space: file.instanceId.space });
  return ways.some((needed) => capabilities.some((capability) => grants(capability, needed)));
}

/**
 * The data sets that the principal may read by this list: those whose files or labels it may read, or themselves.
 * Undefined if it may read all.
 *
 * @throws KonturError `forbidden` if it may read none
 */
export function readableDataSets(
  principal: Principal,
  acl: 'filesAcl' | 'labelsAcl' | 'datasetsAcl' = 'filesAcl',
): number[] | undefined {
  const needed: Needed = { acl, action: 'READ' };
  authorise(principal, needed);
  const granting = principal.capabilities.filter((capability) => grants(capability, needed));
  if (granting.some(({ dataSetIds }) => dataSetIds === undefined)) return undefined;
  return [...new Set(granting.flatMap(({ dataSetIds = [] }) => dataSetIds))].sort((a, b) => a - b);
}

function grants({ acl, actions, dataSetIds, spaceIds }: Capability, needed: Needed): boolean {
  if (acl !== needed.acl || !actions.includes(needed.action)) return false;
  if (needed.dataSetId !== undefined && dataSetIds !== undefined) {
    if (needed.dataSetId === null || !dataSetIds.includes(needed.dataSetId)) return false;
  }
  return needed.space === undefined || spaceIds === undefined || spaceIds.includes(needed.space);
}

const forbidden = () => new KonturError('forbidden', FORBIDDEN_MESSAGE);
