import type { NodeWrite, SourceReference } from '#contract/data-modelling/instances';
import type { CogniteFileWrite } from '#contract/files/cognite-file';
import { createInstances, type Instances } from '../src/nodes/create-instances.ts';
import type { DatabaseKind } from './test-database.ts';
import { newProject, openTestFiles, type TestFiles } from './test-files.ts';

/** The view through which files are written and read. */
export const FILE_VIEW: SourceReference = { type: 'view', space: 'cdf_cdm', externalId: 'CogniteFile', version: 'v1' };

export interface TestInstances extends TestFiles {
  instances: Instances;
  /** Creates a new project with these spaces. */
  projectWith(...spaces: string[]): Promise<string>;
}

/** Opens instances on files and a database for one test. */
export async function openTestInstances(kind: DatabaseKind): Promise<TestInstances> {
  const test = await openTestFiles(kind);
  const { database, files, clock } = test;
  const instances = createInstances({ database, files, now: () => clock.time });
  return {
    ...test,
    instances,
    async projectWith(...spaces) {
      const project = newProject();
      await instances.upsertSpaces(
        project,
        spaces.map((space) => ({ space })),
      );
      return project;
    },
  };
}

/** A node to write: `plant:photo`, unless the id says otherwise. */
export const fileNode = (properties: CogniteFileWrite | undefined = {}, more: Partial<NodeWrite> = {}): NodeWrite => ({
  space: 'plant',
  externalId: 'photo',
  sources: [{ source: FILE_VIEW, properties }],
  ...more,
});
