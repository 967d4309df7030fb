import { checksOf } from '../check.ts';
import type { Options } from '../client.ts';
import { expectRefusal, expectStatus } from '../expect.ts';
import type { World } from '../world.ts';

/** One operation of every kind; all of them are refused before anything else is checked. */
const OPERATIONS: [method: string, route: string, body?: unknown][] = [
  ['POST', '/context/vision/segment', { items: [], nonsense: true }],
  ['GET', '/context/vision/segment/1'],
  ['POST', '/files', { nonsense: true }],
  ['POST', '/files/?overwrite=false', {}],
  ['GET', '/files'],
  ['GET', '/files/1'],
  ['POST', '/files/byids', { items: [{ id: 1 }] }],
  ['POST', '/files/list', {}],
  ['POST', '/files/search', {}],
  ['POST', '/files/update', { items: [] }],
  ['POST', '/files/aggregate', {}],
  ['POST', '/files/delete', { items: [{ id: 1 }] }],
  ['POST', '/files/downloadlink', { items: [{ id: 1 }] }],
  ['POST', '/files/uploadlink', { items: [{ externalId: 'a' }] }],
  ['POST', '/files/initmultipartupload?parts=1', { name: 'a.jpg' }],
  ['POST', '/files/multiuploadlink?parts=1', { items: [{ externalId: 'a' }] }],
  ['POST', '/files/completemultipartupload', { id: 1, uploadId: 'a' }],
  ['POST', '/models/spaces', { items: [{ space: 'a' }] }],
  ['GET', '/models/spaces'],
  ['POST', '/models/instances', { items: [] }],
  ['POST', '/models/instances/byids', { items: [] }],
  ['GET', '/groups'],
  ['GET', '/api/v1/token/inspect'],
  ['GET', '/an/operation/that/nobody/has'],
];

async function refusedEverywhere({ client }: World, options: Options): Promise<void> {
  for (const [method, route, body] of OPERATIONS) {
    try {
      expectRefusal(await client.send(method, route, body, options), 401);
    } catch (error) {
      throw new Error(`${method} ${route}: ${(error as Error).message}`);
    }
  }
}

/** A token whose claims nobody signed. */
const unsigned = (claims: object) =>
  [{ alg: 'none', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');

const READ: [string, string, object] = ['POST', '/files/list', { limit: 1 }];

export const authenticationChecks = checksOf('every operation: authentication', ({ observed, inferred, ours }) => {
  observed('no token is answered 401, before path, body and headers are checked', (world) =>
    refusedEverywhere(world, { token: null }),
  );
  inferred('a token that is none is answered 401', (world) => refusedEverywhere(world, { token: 'old-token' }));
  inferred('the 401 says "Unauthorized"', async ({ client }) => {
    expectRefusal(await client.send(...READ, { token: null }), 401, { message: 'Unauthorized' });
  });
  inferred('another scheme than Bearer is answered 401', async ({ client }) => {
    const headers = [
      ['Authorization', 'Basic YTpi'],
      ['Content-Type', 'application/json'],
    ] as const;
    expectRefusal(await client.send(...READ, { token: null, headers }), 401);
  });
  ours('the scheme may be spelled in any case', async ({ client }) => {
    const headers = [
      ['authorization', `bEaReR ${client.token}`],
      ['Content-Type', 'application/json'],
    ] as const;
    expectStatus(await client.send(...READ, { token: null, headers }), 200);
  });
  ours('an unsigned token is answered 401', async ({ client }) => {
    const token = `${unsigned({ sub: 'someone', exp: 4_102_444_800 })}.`;
    expectRefusal(await client.send(...READ, { token }), 401);
  });
  ours('a token with one character of its signature changed is answered 401', async ({ client }) => {
    const at = client.token.length - 10;
    const other = client.token[at] === 'A' ? 'B' : 'A';
    const token = client.token.slice(0, at) + other + client.token.slice(at + 1);
    expectRefusal(await client.send(...READ, { token }), 401);
  });
  ours('a project that does not accept the token is answered as if there were none', async ({ client }) => {
    const answer = await client.post('/api/v1/projects/a-project-of-nobody/files/list', {});
    expectRefusal(answer, 401, { message: 'Unauthorized' });
  });
});
