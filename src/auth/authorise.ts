import { KonturError } from '#contract/errors';
import type { InstanceId } from '#contract/files/file-reference';
import type { Acl, Action, Capability, Principal } from './principal.ts';

/** Text of every 403: it never says whether the thing exists (docs/contract.md#errors-forbidden). */
export const FORBIDDEN_MESSAGE = 'Resource not found. This may also be due to insufficient access rights.';

/** What a request needs. Where neither data set nor space is named, a capability of any scope will do. */
export interface Needed {
  acl: Acl;
  action: Action;
  /** Data set of the thing; null for a thing in none, which only a capability without limits reaches. */
  dataSetId?: number | null;
  space?: string;
}

/**
 * Lets the principal pass if one of its capabilities grants the action.
 *
 * @throws KonturError `forbidden`
 */
export function authorise(principal: Principal, needed: Needed): void {
  if (!principal.capabilities.some((capability) => grants(capability, needed))) throw forbidden();
}

/**
 * Lets the principal pass if it may do this to the file. Files that were made as nodes may also be reached through the
 * capability on the nodes of their space (docs/contract.md#instances-access). Undefined stands for a file that is gone:
 * its data set is not known any more, so that only a capability for all files reaches what is left of it.
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
 * Lets the principal pass if there may be files that it may do this to; asked before looking for any.
 *
 * @throws KonturError `forbidden`
 */
export function authoriseSomeFiles({ capabilities }: Principal, action: 'READ' | 'WRITE'): void {
  const ways = ['filesAcl', 'dataModelInstancesAcl'] as const;
  const granted = ways.some((acl) => capabilities.some((capability) => grants(capability, { acl, action })));
  if (!granted) throw forbidden();
}

/** Whether `authoriseFile` lets the principal pass. */
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
 * The data sets whose files the principal may read; undefined where it may read all files.
 *
 * @throws KonturError `forbidden` where it may read none
 */
export function readableDataSets(principal: Principal): number[] | undefined {
  authorise(principal, { acl: 'filesAcl', action: 'READ' });
  const granting = principal.capabilities.filter((capability) =>
    grants(capability, { acl: 'filesAcl', action: 'READ' }),
  );
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
