import { exportSPKI, importJWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Group } from '#contract/access/group';
import { createAuthenticator } from '../../src/auth/create-authenticator.ts';
import { createIssuerKeys } from '../../src/auth/create-issuer-keys.ts';
import { createOidcTrusts } from '../../src/auth/create-project-trusts.ts';
import { inspectToken } from '../../src/auth/inspect-token.ts';
import { type KeyServer, startKeyServer } from './key-server.ts';

const group = (id: number, sourceId: string, ...ids: number[]): Group => ({
  id,
  name: `group ${id}`,
  sourceId,
  capabilities: [
    { filesAcl: { actions: ['READ'], scope: ids.length === 0 ? { all: {} } : { datasetScope: { ids } } } },
  ],
});

let idp: KeyServer;
beforeEach(async () => {
  idp = await startKeyServer();
});
afterEach(() => idp.close());

const unauthorized = expect.objectContaining({ code: 'unauthorized' });
const unavailable = expect.objectContaining({ code: 'unavailable', status: 503 });
const now = () => Math.floor(Date.now() / 1000);

function authenticator(more: object = {}) {
  const groups = [group(1, 'a'), group(2, 'b', 7, 8)];
  const trusts = createOidcTrusts({
    plant: { issuer: idp.issuer, audience: 'api://kontur', clockSkewSeconds: 20, groups, ...more },
  });
  const authenticate = createAuthenticator(trusts);
  return { trusts, authenticate: (token: string) => authenticate(`Bearer ${token}`, 'plant') };
}

describe('groups', () => {
  it.each<[JWTPayload, number[]]>([
    [{ groups: ['a'] }, [1]],
    [{ groups: ['b', 'x', 'a'] }, [1, 2]],
    [{ groups: 'b' }, [2]],
    [{ groups: [] }, []],
    [{ groups: { a: true } }, []],
    [{ groups: [['a']] }, []],
    [{}, []],
    [{ roles: ['a'] }, []],
  ])('of the claims %j are %j', async (claims, ids) => {
    const { trusts } = authenticator();
    const [membership] = await inspectToken(trusts, `Bearer ${await idp.sign(claims)}`);
    expect(membership!.groups.map(({ id }) => id)).toEqual(ids);
  });

  it('may stand in another claim', async () => {
    const { authenticate } = authenticator({ groupsClaim: 'roles' });
    const principal = await authenticate(await idp.sign({ roles: ['b'], groups: ['a'] }));
    expect(principal.capabilities).toEqual([{ acl: 'filesAcl', actions: ['READ'], dataSetIds: [7, 8] }]);
  });
});

describe('a token is refused', () => {
  it.each<[string, () => JWTPayload]>([
    ['for another audience', () => ({ aud: 'api://other' })],
    ['without an audience', () => ({ aud: undefined })],
    ['of another issuer', () => ({ iss: `${idp.issuer}/` })],
    ['without an end', () => ({ exp: undefined })],
    ['without a subject', () => ({ sub: undefined })],
    ['that expired longer ago than the skew', () => ({ exp: now() - 60 })],
    ['that becomes valid later than the skew', () => ({ nbf: now() + 60 })],
  ])('%s', async (_, claims) => {
    await expect(authenticator().authenticate(await idp.sign(claims()))).rejects.toThrow(unauthorized);
  });

  it('but not for clocks that differ by less than the skew', async () => {
    const { authenticate } = authenticator();
    expect((await authenticate(await idp.sign({ exp: now() - 5 }))).subject).toBe('someone');
    expect((await authenticate(await idp.sign({ nbf: now() + 10 }))).subject).toBe('someone');
  });

  it('without a signature, or with one made from the public key', async () => {
    const { authenticate } = authenticator();
    const claims = { iss: idp.issuer, aud: 'api://kontur', sub: 'someone', exp: now() + 600 };
    await expect(authenticate(new UnsecuredJWT(claims).encode())).rejects.toThrow(unauthorized);
    const [jwk] = idp.publicKeys;
    const secrets = [
      await exportSPKI((await importJWK(jwk!, 'ES256', { extractable: true })) as Parameters<typeof exportSPKI>[0]),
      JSON.stringify(jwk),
      jwk!.x!,
    ];
    for (const secret of secrets) {
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', kid: jwk!.kid })
        .sign(new TextEncoder().encode(secret));
      await expect(authenticate(token)).rejects.toThrow(unauthorized);
    }
    expect(idp.requests).toEqual([]);
  });

  it('that came with its own key', async () => {
    const stranger = await startKeyServer();
    const token = await stranger.sign({ iss: idp.issuer }, { jwk: stranger.publicKeys[0], jku: stranger.jwksUrl });
    await expect(authenticator().authenticate(token)).rejects.toThrow(unauthorized);
    expect(stranger.requests).toEqual([]);
    await stranger.close();
  });
});

describe('keys', () => {
  it('are found by discovery, once, and not before they are needed', async () => {
    const { authenticate } = authenticator();
    expect(idp.requests).toEqual([]);
    await Promise.all([authenticate(await idp.sign()), authenticate(await idp.sign())]);
    await authenticate(await idp.sign());
    expect(idp.requests).toEqual(['/tenant/v2.0/.well-known/openid-configuration', '/keys']);
  });

  it('are found at the address that is configured', async () => {
    await authenticator({ jwksUrl: idp.jwksUrl }).authenticate(await idp.sign());
    expect(idp.requests).toEqual(['/keys']);
  });

  it('may be rotated without a restart; then the old ones no longer count', async () => {
    const { trusts } = authenticator();
    const keys = createIssuerKeys({ issuer: idp.issuer }, { unknownKeyCooldownMs: 0 });
    const authenticate = createAuthenticator(trusts.map((trust) => ({ ...trust, keys })));
    await authenticate(`Bearer ${await idp.sign()}`, 'plant');
    const signWithOldKey = await idp.rotate();
    await authenticate(`Bearer ${await idp.sign()}`, 'plant');
    await expect(authenticate(`Bearer ${await signWithOldKey()}`, 'plant')).rejects.toThrow(unauthorized);
  });

  it('are not asked for again and again because of tokens with made-up key ids', async () => {
    const { authenticate } = authenticator();
    await authenticate(await idp.sign());
    for (let i = 0; i < 5; i++) {
      await expect(authenticate(await idp.sign({}, { kid: `made-up-${i}` }))).rejects.toThrow(unauthorized);
    }
    expect(idp.requests.filter((path) => path === '/keys')).toHaveLength(1);
  });

  it('that cannot be had are no fault of the token: 503, and another try after a while', async () => {
    const { trusts } = authenticator();
    const keys = createIssuerKeys({ issuer: idp.issuer }, { failureCooldownMs: 50 });
    const authenticate = createAuthenticator(trusts.map((trust) => ({ ...trust, keys })));
    idp.broken = true;
    for (let i = 0; i < 3; i++) {
      await expect(authenticate(`Bearer ${await idp.sign()}`, 'plant')).rejects.toThrow(unavailable);
    }
    idp.broken = false;
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect((await authenticate(`Bearer ${await idp.sign()}`, 'plant')).subject).toBe('someone');
  });

  it('of an issuer that names another one in its discovery document are not used', async () => {
    const token = await idp.sign();
    idp.issuer = 'http://127.0.0.1:1/';
    const keys = createIssuerKeys({ issuer: new URL('/tenant/v2.0', idp.jwksUrl).href });
    await expect(keys({ alg: 'ES256' }, { payload: token, signature: '' })).rejects.toThrow(unavailable);
  });
});
