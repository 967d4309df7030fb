import assert from 'node:assert/strict';
import { checksOf } from '../check.ts';
import { expectStatus, expectThat } from '../expect.ts';
import type { Items } from '../wire.ts';

interface Inspected {
  subject: string;
  projects: { projectUrlName: string; groups: number[] }[];
  capabilities: ({ filesAcl?: { actions: string[]; scope: object } } & Record<string, unknown>)[];
}
interface Group {
  id: number;
  name: string;
  capabilities?: { filesAcl?: { actions: string[]; scope: object } }[];
}
const INSPECT = '/api/v1/token/inspect';

export const tokenInspectChecks = checksOf('GET /api/v1/token/inspect', ({ documented }) => {
  documented('is answered 200', async ({ client }) => expectStatus(await client.get(INSPECT), 200));
  documented('subject: a text', async ({ client }) => {
    const { subject } = (await client.get<Inspected>(INSPECT)).body;
    assert.ok(typeof subject === 'string' && subject !== '');
  });
  documented('projects: projectUrlName and groups, a list of ids', async ({ client }) => {
    const { projects } = (await client.get<Inspected>(INSPECT)).body;
    expectThat(projects.length > 0, 'there is no project');
    for (const { projectUrlName, groups } of projects) {
      assert.ok(projectUrlName !== '' && groups.every(Number.isSafeInteger));
    }
  });
  documented('capabilities: filesAcl with actions and scope', async ({ client }) => {
    const { capabilities } = (await client.get<Inspected>(INSPECT)).body;
    const files = capabilities.find(({ filesAcl }) => filesAcl !== undefined)!.filesAcl!;
    assert.ok(files.actions.includes('READ') && files.actions.includes('WRITE'));
    assert.ok('all' in files.scope || 'datasetScope' in files.scope);
  });
  documented('capabilities: projectScope with projects, or allProjects', async ({ client }) => {
    const { capabilities } = (await client.get<Inspected>(INSPECT)).body;
    for (const { projectScope } of capabilities) {
      const scope = projectScope as { allProjects?: object; projects?: string[] };
      assert.ok(scope.allProjects !== undefined || scope.projects!.length > 0);
    }
  });
});

export const projectChecks = checksOf('GET /api/v1/projects/{project}', ({ observed }) => {
  observed('is answered 200 with name and urlName', async ({ client, project }) => {
    const answer = await client.get<{ name: string; urlName: string }>(`/api/v1/projects/${project}`);
    expectStatus(answer, 200);
    assert.equal(answer.body.urlName, project);
    assert.ok(answer.body.name);
  });
});

export const groupsChecks = checksOf('GET /groups', ({ documented }) => {
  const groups = async (get: (route: string) => Promise<{ status: number; body: Items<Group> }>, query = '') =>
    (await get(`/groups${query}`)).body.items;
  documented('is answered 200 with items', async ({ client }) => expectStatus(await client.get('/groups'), 200));
  documented('items: id and name', async ({ client }) => {
    for (const { id, name } of await groups(client.get)) assert.ok(Number.isSafeInteger(id) && name !== '');
  });
  documented('items: capabilities with filesAcl', async ({ client }) => {
    const all = await groups(client.get);
    assert.ok(all.some(({ capabilities = [] }) => capabilities.some(({ filesAcl }) => filesAcl !== undefined)));
  });
  documented('all=true is accepted', async ({ client }) => expectStatus(await client.get('/groups?all=true'), 200));
});
