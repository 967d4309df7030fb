import type { Group } from '#contract/access/group';

/** Access control lists of the hosted API that this server uses. */
export type Acl =
  | 'filesAcl'
  | 'labelsAcl'
  | 'datasetsAcl'
  | 'annotationsAcl'
  | 'dataModelsAcl'
  | 'dataModelInstancesAcl'
  | 'groupsAcl';
/** Actions of capabilities in the hosted API. */
export type Action = 'READ' | 'WRITE' | 'OWNER' | 'SUGGEST' | 'REVIEW' | 'LIST';

/** A right of a principal. Without `dataSetIds` and `spaceIds` it applies to the whole project, else only to those. */
export interface Capability {
  acl: Acl;
  actions: readonly Action[];
  dataSetIds?: readonly number[];
  spaceIds?: readonly string[];
}

/** An authenticated caller: the subject of an accepted token, in the project that accepted it. */
export interface Principal {
  subject: string;
  project: string;
  capabilities: readonly Capability[];
}

/** The capabilities of members of these groups. */
export function toCapabilities(groups: readonly Group[]): Capability[] {
  return groups
    .flatMap(({ capabilities }) => capabilities)
    .flatMap((capability) => Object.entries(capability) as [Acl, { actions: Action[]; scope: object }][])
    .map(([acl, { actions, scope }]) => ({ acl, actions, ...limits(scope) }));
}

type Ids = { ids: readonly (number | string)[] };

function limits({
  datasetScope,
  idScope,
  idscope,
  spaceIdScope,
}: {
  datasetScope?: Ids;
  idScope?: Ids;
  idscope?: Ids;
  spaceIdScope?: { spaceIds: string[] };
}): Pick<Capability, 'dataSetIds' | 'spaceIds'> {
  const dataSets = datasetScope ?? idScope ?? idscope;
  if (dataSets !== undefined) return { dataSetIds: dataSets.ids.map(Number) };
  return spaceIdScope === undefined ? {} : { spaceIds: spaceIdScope.spaceIds };
}
