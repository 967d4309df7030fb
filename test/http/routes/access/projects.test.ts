import { afterAll, beforeAll, expect, it } from 'vitest';
import { FORBIDDEN_MESSAGE } from '../../../../src/auth/authorise.ts';
import { type AccessApp, GROUPS, startAccessApp } from '../../start-access-app.ts';

let t: AccessApp;
beforeAll(async () => {
  t = await startAccessApp();
});
afterAll(() => t?.close());

const inspect = (token: string | undefined) =>
  t.app.inject({
    url: '/api/v1/token/inspect',
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });

it('a token is inspected: its subject, its projects, and what it may do there', async () => {
  const answer = await inspect(await t.north.sign({ sub: 'anna', groups: ['set-5', 'readers'] }));
  expect(answer.json()).toEqual({
    subject: 'anna',
    projects: [{ projectUrlName: 'north', groups: [2, 3] }],
    capabilities: [
      { filesAcl: { actions: ['READ'], scope: { all: {} } }, projectScope: { projects: ['north'] } },
      {
        filesAcl: { actions: ['READ', 'WRITE'], scope: { datasetScope: { ids: [5] } } },
        projectScope: { projects: ['north'] },
      },
    ],
  });
});

it('a token that no project accepts is answered 401', async () => {
  for (const token of [undefined, 'x', await t.north.sign({ aud: 'other' }), await t.south.sign({ exp: 1 })]) {
    expect([(await inspect(token)).statusCode]).toEqual([401]);
  }
});

it('the development server accepts its own tokens and says so', async () => {
  const { test: development } = t;
  const headers = { authorization: `Bearer ${development.token}` };
  const answer = await development.send({ url: '/api/v1/token/inspect', headers });
  expect(answer.json()).toMatchObject({
    subject: 'kontur-development',
    projects: [{ projectUrlName: 'demo', groups: [1] }],
  });
  expect((await development.request({ url: '' })).json()).toMatchObject({ name: 'demo', urlName: 'demo' });
  expect((await development.request({ url: '/groups?all=true' })).json().items).toHaveLength(1);
});

it('a project says whose tokens it accepts', async () => {
  const answer = await t.as('north')({ url: '' });
  expect(answer.json()).toEqual({
    name: 'north',
    urlName: 'north',
    oidcConfiguration: {
      issuer: t.north.issuer,
      audience: 'api://kontur',
      skewMs: 30_000,
      accessClaims: [{ claimName: 'groups' }],
      scopeClaims: [],
      logClaims: [{ claimName: 'sub' }],
    },
    userProfilesConfiguration: { enabled: false },
  });
});

it('groups are those of the caller, and all of them for whom may list them', async () => {
  const shown = (index: number) => ({ ...GROUPS[index], metadata: {}, attributes: {}, isDeleted: false });
  expect((await t.as('north', 'set-5')({ url: '/groups' })).json()).toEqual({ items: [shown(2)] });
  expect((await t.as('north')({ url: '/groups?all=false' })).json()).toEqual({ items: [] });
  const refused = await t.as('north', 'set-5')({ url: '/groups?all=true' });
  expect([refused.statusCode, refused.json().error.message]).toEqual([403, FORBIDDEN_MESSAGE]);
  const all = await t.as('north', 'admins')({ url: '/groups?all=true' });
  expect(all.json().items).toEqual(GROUPS.map((_, index) => shown(index)));
});
