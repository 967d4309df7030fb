import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FORBIDDEN_MESSAGE } from '../../../../src/auth/authorise.ts';
import type { Capability } from '../../../../src/auth/principal.ts';
import { createApp } from '../../../../src/http/create-app.ts';
import { startTestApp, type TestApp } from '../../start-test-app.ts';

let t: TestApp;
const apps: FastifyInstance[] = [];
beforeAll(async () => {
  t = await startTestApp();
  await t.request({
    method: 'POST',
    url: '/models/spaces',
    payload: { items: [{ space: 'mine' }, { space: 'theirs' }] },
  });
  const items = [node('mine'), node('theirs')].map((id) => ({ ...id, sources: [{ source: FILE_VIEW }] }));
  await t.request({ method: 'POST', url: '/models/instances', payload: { items } });
});
afterAll(async () => {
  for (const app of apps) await app.close();
  await t?.close();
});

const FILE_VIEW = { type: 'view', space: 'cdf_cdm', externalId: 'CogniteFile', version: 'v1' };
const node = (space: string) => ({ instanceType: 'node', space, externalId: 'a' });

/** Sends requests as a principal that has these capabilities and no others. */
async function principalWith(...capabilities: Capability[]) {
  const authenticate = async () => ({ subject: 'someone', project: 'demo', capabilities });
  const app = await createApp({ ...t.dependencies, authenticate });
  apps.push(app);
  return async (method: 'GET' | 'POST', url: string, payload?: object) => {
    const answer = await app.inject({ method, url: `/api/v1/projects/demo/models${url}`, payload });
    return { status: answer.statusCode, body: answer.json() };
  };
}

const spaces = (...names: string[]) => ({ items: names.map((space) => ({ space })) });
const nodes = (...names: string[]) => ({ items: names.map(node) });
const written = (...names: string[]) => ({
  items: names.map((space) => ({ ...node(space), sources: [{ source: FILE_VIEW }] })),
});

const viewRead: Capability = { acl: 'dataModelsAcl', actions: ['READ'] };
const OPERATIONS = {
  'read spaces': [
    ['POST', '/spaces/byids', spaces('mine')],
    ['GET', '/spaces', undefined],
  ],
  'write spaces': [
    ['POST', '/spaces', spaces('mine')],
    ['POST', '/spaces/delete', spaces('nothing')],
  ],
  'read nodes': [
    ['POST', '/instances/byids', nodes('mine')],
    ['POST', '/instances/list', {}],
  ],
  'write nodes': [
    ['POST', '/instances', written('mine')],
    ['POST', '/instances/delete', { items: [{ ...node('mine'), externalId: 'nothing' }] }],
  ],
} as const;

describe('a principal', () => {
  it.each<[string, Capability[], (keyof typeof OPERATIONS)[]]>([
    ['nothing', [], []],
    ['filesAcl', [{ acl: 'filesAcl', actions: ['READ', 'WRITE'] }], []],
    ['READ of dataModelsAcl', [viewRead], ['read spaces']],
    ['WRITE of dataModelsAcl', [{ acl: 'dataModelsAcl', actions: ['WRITE'] }], ['write spaces']],
    ['dataModelInstancesAcl alone', [{ acl: 'dataModelInstancesAcl', actions: ['READ', 'WRITE'] }], []],
    ['READ of both', [viewRead, { acl: 'dataModelInstancesAcl', actions: ['READ'] }], ['read spaces', 'read nodes']],
    [
      'WRITE of nodes',
      [viewRead, { acl: 'dataModelInstancesAcl', actions: ['WRITE'] }],
      ['read spaces', 'write nodes'],
    ],
  ])('with %s may do that and is refused the rest', async (_, capabilities, allowed) => {
    const send = await principalWith(...capabilities);
    for (const [name, requests] of Object.entries(OPERATIONS)) {
      for (const [method, url, payload] of requests) {
        const { status, body } = await send(method, url, payload);
        const may = allowed.includes(name as keyof typeof OPERATIONS);
        expect([url, status]).toEqual([url, may ? 200 : 403]);
        if (!may) expect(body).toEqual({ error: { code: 403, message: FORBIDDEN_MESSAGE } });
      }
    }
  });

  it('limited to spaces reaches and sees only those', async () => {
    const send = await principalWith(
      { acl: 'dataModelsAcl', actions: ['READ', 'WRITE'], spaceIds: ['cdf_cdm', 'mine'] },
      { acl: 'dataModelInstancesAcl', actions: ['READ', 'WRITE'], spaceIds: ['mine'] },
    );
    const within = [
      ['POST', '/spaces', spaces('mine')],
      ['POST', '/spaces/byids', spaces('mine')],
      ['POST', '/instances', written('mine')],
      ['POST', '/instances/byids', nodes('mine')],
    ] as const;
    for (const [method, url, payload] of within)
      expect([url, (await send(method, url, payload)).status]).toEqual([url, 200]);
    const beyond = [
      ['POST', '/spaces', spaces('mine', 'theirs')],
      ['POST', '/spaces/byids', spaces('theirs')],
      ['POST', '/spaces/delete', spaces('nothing')],
      ['POST', '/instances', written('mine', 'theirs')],
      ['POST', '/instances/byids', nodes('mine', 'theirs')],
      ['POST', '/instances/delete', nodes('theirs')],
    ] as const;
    for (const [method, url, payload] of beyond)
      expect([url, (await send(method, url, payload)).status]).toEqual([url, 403]);
    const named = ({ items }: { items: { space: string }[] }) => items.map(({ space }) => space);
    expect(named((await send('GET', '/spaces')).body)).toEqual(['mine']);
    expect(named((await send('POST', '/instances/list', {})).body)).toEqual(['mine']);
  });

  it('that may not read the view reaches no nodes', async () => {
    const send = await principalWith(
      { acl: 'dataModelsAcl', actions: ['READ'], spaceIds: ['mine'] },
      { acl: 'dataModelInstancesAcl', actions: ['READ', 'WRITE'] },
    );
    expect((await send('POST', '/instances/byids', nodes('mine'))).status).toBe(403);
    expect((await send('POST', '/instances/list', {})).status).toBe(403);
    expect((await send('GET', '/spaces')).status).toBe(200);
  });
});
