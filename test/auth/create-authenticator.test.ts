import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLocalJWKSet, createRemoteJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Group } from '#contract/access/group';
import { createAuthenticator } from '../../src/auth/create-authenticator.ts';
import type { ProjectTrust } from '../../src/auth/verify-token.ts';

const unauthorized = expect.objectContaining({ code: 'unauthorized', status: 401, message: 'Unauthorized' });

const READERS: Group = {
  id: 7,
  name: 'readers',
  sourceId: 'a',
  capabilities: [{ filesAcl: { actions: ['READ'], scope: { all: {} } } }],
};

async function createIssuer(issuer: string, alg: 'RS256' | 'ES256') {
  const { publicKey, privateKey } = await generateKeyPair(alg);
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: issuer, alg }] };
  const sign = (audience: string, expires: string | number = '1h') =>
    new SignJWT({ sub: `someone of ${issuer}`, groups: ['a'] })
      .setProtectedHeader({ alg, kid: issuer })
      .setIssuer(issuer)
      .setAudience(audience)
      .setExpirationTime(expires)
      .sign(privateKey);
  return { jwks, sign };
}

let north: Awaited<ReturnType<typeof createIssuer>>;
let south: typeof north;
let keyServer: http.Server;
let authenticate: ReturnType<typeof createAuthenticator>;
beforeAll(async () => {
  [north, south] = await Promise.all([
    createIssuer('https://north.example', 'RS256'),
    createIssuer('https://south.example', 'ES256'),
  ]);
  keyServer = http.createServer((_, response) => response.end(JSON.stringify(south.jwks)));
  await new Promise<void>((resolve) => keyServer.listen(0, '127.0.0.1', resolve));
  const trust = (project: string, direction: 'north' | 'south', keys: ProjectTrust['keys']): ProjectTrust => ({
    project,
    issuer: `https://${direction}.example`,
    audience: 'kontur',
    keys,
    clockSkewSeconds: 10,
    groups: [READERS],
    groupsOf: ({ groups }) => ((groups as string[]).includes('a') ? [READERS] : []),
  });
  const address = `http://127.0.0.1:${(keyServer.address() as AddressInfo).port}/jwks`;
  authenticate = createAuthenticator([
    trust('mine', 'north', createLocalJWKSet(north.jwks)),
    trust('south', 'south', createRemoteJWKSet(new URL(address))),
  ]);
});
afterAll(() => new Promise((resolve) => keyServer.close(resolve)));

it('a token stands for its subject, with what its claims grant, in the project of its issuer', async () => {
  expect(await authenticate(`Bearer ${await north.sign('kontur')}`, 'mine')).toEqual({
    subject: 'someone of https://north.example',
    project: 'mine',
    capabilities: [{ acl: 'filesAcl', actions: ['READ'] }],
  });
});

it('keys may be fetched from the issuer', async () => {
  const principal = await authenticate(`Bearer ${await south.sign('kontur')}`, 'south');
  expect(principal.subject).toBe('someone of https://south.example');
});

it('where the path names no project, it is the one that accepts the token', async () => {
  expect((await authenticate(`Bearer ${await south.sign('kontur')}`, undefined)).project).toBe('south');
  expect((await authenticate(`Bearer ${await north.sign('kontur')}`, undefined)).project).toBe('mine');
  await expect(authenticate(`Bearer ${await north.sign('other')}`, undefined)).rejects.toThrow(unauthorized);
});

it('no project accepts the token of another', async () => {
  await expect(authenticate(`Bearer ${await south.sign('kontur')}`, 'mine')).rejects.toThrow(unauthorized);
  await expect(authenticate(`Bearer ${await north.sign('kontur')}`, 'south')).rejects.toThrow(unauthorized);
  await expect(authenticate(`Bearer ${await north.sign('kontur')}`, 'nobody')).rejects.toThrow(unauthorized);
});

it('clocks may differ by the skew and no more', async () => {
  const now = Math.floor(Date.now() / 1000);
  await authenticate(`Bearer ${await north.sign('kontur', now - 2)}`, 'mine');
  await expect(authenticate(`Bearer ${await north.sign('kontur', now - 60)}`, 'mine')).rejects.toThrow(
    'Unauthorized: the token has expired.',
  );
});

it.each([undefined, '', 'Bearer', 'Bearer ', 'Basic YTpi', 'Bearer a b', 'token'])(
  '%j is no bearer token',
  async (header) => {
    await expect(authenticate(header, 'mine')).rejects.toThrow(unauthorized);
  },
);

it('a bad token costs the same work whether or not there is such a project', async () => {
  let looks = 0;
  const counting: ProjectTrust = {
    project: 'plant',
    issuer: 'https://north.example',
    audience: 'kontur',
    keys: async (...args) => {
      looks++;
      return createLocalJWKSet(north.jwks)(...args);
    },
    clockSkewSeconds: 10,
    groups: [READERS],
    groupsOf: () => [READERS],
  };
  const elsewhere = {
    ...counting,
    project: 'lab',
    issuer: 'https://south.example',
    keys: createLocalJWKSet(south.jwks),
  };
  const ask = createAuthenticator([counting, elsewhere]);
  const token = await north.sign('kontur');
  const end = token.lastIndexOf('.') + 10;
  const forged = `${token.slice(0, end)}${token[end] === 'A' ? 'B' : 'A'}${token.slice(end + 1)}`;
  const expired = await north.sign('kontur', Math.floor(Date.now() / 1000) - 3600);
  for (const bad of [forged, expired]) {
    const answers = [];
    for (const project of ['plant', 'lab', 'nothing']) {
      looks = 0;
      const message = await ask(`Bearer ${bad}`, project).catch((error: Error) => error.message);
      answers.push([looks, message]);
    }
    expect(answers[0]![0]).toBe(1);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  }
  await expect(ask(`Bearer ${token}`, 'nothing')).rejects.toMatchObject({ code: 'unauthorized' });
  expect((await ask(`Bearer ${token}`, 'plant')).project).toBe('plant');
});
