import type { Group } from '#contract/access/group';

/** Access control lists of the hosted API that this server looks at. */
export type Acl = 'filesAcl' | 'dataModelsAcl' | 'dataModelInstancesAcl' | 'groupsAcl';
export type Action = 'READ' | 'WRITE' | 'LIST';

/** What a principal may do. Without `dataSetIds` and `spaceIds` it counts everywhere in the project, else only in those. */
export interface Capability {
  acl: Acl;
  actions: readonly Action[];
  dataSetIds?: readonly number[];
  spaceIds?: readonly string[];
}

/** Who asks: the subject of an accepted token, in the project that the token was accepted for. */
export interface Principal {
  subject: string;
  project: string;
  capabilities: readonly Capability[];
}

/** What the members of the groups may do. */
export function toCapabilities(groups: readonly Group[]): Capability[] {
  return groups
    .flatMap(({ capabilities }) => capabilities)
    .flatMap((capability) => Object.entries(capability) as [Acl, { actions: Action[]; scope: object }][])
    .map(([acl, { actions, scope }]) => ({ acl, actions, ...limits(scope) }));
}

function limits(scope: {
  datasetScope?: { ids: number[] };
  spaceIdScope?: { spaceIds: string[] };
}): Pick<Capability, 'dataSetIds' | 'spaceIds'> {
  if (scope.datasetScope !== undefined) return { dataSetIds: scope.datasetScope.ids };
  return scope.spaceIdScope === undefined ? {} : { spaceIds: scope.spaceIdScope.spaceIds };
}
