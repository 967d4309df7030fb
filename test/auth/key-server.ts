import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';

/**
 * An identity provider that has nothing in common with the embedded issuer: discovery, keys, and tokens signed by hand.
 */
export interface KeyServer {
  issuer: string;
  jwksUrl: string;
  /** Paths that were asked for. */
  requests: string[];
  /** While true, every request is answered 500. */
  broken: boolean;
  publicKeys: JWK[];
  /** Signs with a new key from here on. Returns the function that signs with the one before. */
  rotate(): Promise<KeyServer['sign']>;
  sign(claims?: JWTPayload, header?: Partial<JWTHeaderParameters>): Promise<string>;
  close(): Promise<void>;
}

export async function startKeyServer(alg: 'RS256' | 'ES256' = 'ES256'): Promise<KeyServer> {
  let sign: KeyServer['sign'];
  const server = http.createServer((request, response) => {
    keyServer.requests.push(request.url ?? '');
    if (keyServer.broken) response.statusCode = 500;
    const { issuer, jwksUrl, publicKeys } = keyServer;
    const discovery = request.url?.endsWith('/.well-known/openid-configuration');
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(discovery ? { issuer, jwks_uri: jwksUrl } : { keys: publicKeys }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tenant/v2.0`;
  let keyNumber = 0;
  const takeNewKey = async () => {
    const { publicKey, privateKey } = await generateKeyPair(alg);
    keyNumber += 1;
    const kid = `key-${keyNumber}`;
    keyServer.publicKeys = [{ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }];
    sign = (claims = {}, header = {}) => {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT({ iss: issuer, aud: 'api://kontur', sub: 'someone', iat: now, exp: now + 600, ...claims })
        .setProtectedHeader({ alg, kid, ...header })
        .sign(privateKey);
    };
  };
  const keyServer: KeyServer = {
    issuer,
    jwksUrl: new URL('/keys', issuer).href,
    requests: [],
    broken: false,
    publicKeys: [],
    async rotate() {
      const before = sign;
      await takeNewKey();
      return before;
    },
    sign: (claims, header) => sign(claims, header),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  await takeNewKey();
  return keyServer;
}
