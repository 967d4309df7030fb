import type { UploadSettler } from '../files/settle-uploads.ts';
import type { Instances } from '../nodes/create-instances.ts';

/** The same nodes, where contents are put straight to the store: what has come there counts as soon as nodes are asked for. */
export function watchNodes(instances: Instances, { settleProject }: Pick<UploadSettler, 'settleProject'>): Instances {
  return {
    ...instances,
    async findNodes(project, ids) {
      await settleProject(project);
      return instances.findNodes(project, ids);
    },
    async listNodes(project, query) {
      await settleProject(project);
      return instances.listNodes(project, query);
    },
  };
}
