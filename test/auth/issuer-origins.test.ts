import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createIssuerOrigins } from '../../src/auth/issuer-origins.ts';

const servers: http.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** An issuer with a discovery document; `undefined` for one that fails. */
async function startIssuer(document: (issuer: string) => object | undefined) {
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    asked.push(request.url ?? '');
    const content = document(issuer);
    response.statusCode = content === undefined ? 500 : 200;
    response.end(JSON.stringify(content ?? {}));
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer = `${origin}/pool`;
  return { issuer, origin, asked };
}

it('are those of the endpoints too, asked for once', async () => {
  const { issuer, origin, asked } = await startIssuer((own) => ({
    issuer: own,
    token_endpoint: 'https://tokens.example/oauth2/token',
    revocation_endpoint: 'https://tokens.example/oauth2/revoke',
    userinfo_endpoint: 'https://people.example:8443/me',
    jwks_uri: "javascript:alert(1);'self'",
  }));
  const origins = createIssuerOrigins(issuer);
  const all = [origin, 'https://tokens.example', 'https://people.example:8443'];
  expect(await Promise.all([origins(), origins()])).toEqual([all, all]);
  expect(await origins()).toEqual(all);
  expect(asked).toEqual(['/pool/.well-known/openid-configuration']);
});

it('are its own alone while it cannot be reached, or answers for another', async () => {
  let works = false;
  const { issuer, origin, asked } = await startIssuer((own) =>
    works ? { issuer: own, token_endpoint: 'https://tokens.example/' } : undefined,
  );
  const patient = createIssuerOrigins(issuer);
  expect([await patient(), await patient()]).toEqual([[origin], [origin]]);
  expect(asked).toHaveLength(1);
  const eager = createIssuerOrigins(issuer, { failureCooldownMs: 0 });
  expect(await eager()).toEqual([origin]);
  works = true;
  expect(await eager()).toEqual([origin, 'https://tokens.example']);

  const other = await startIssuer(() => ({
    issuer: 'https://other.example',
    token_endpoint: 'https://tokens.example/',
  }));
  expect(await createIssuerOrigins(other.issuer)()).toEqual([other.origin]);
});
