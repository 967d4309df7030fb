import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { createLocalJWKSet, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Provider } from 'oidc-provider';
import type { ProjectTrust } from './create-authenticator.ts';
import { createOidcProvider } from './create-oidc-provider.ts';
import { persistedSecret } from './persisted-secret.ts';

/** The one project of development mode. */
export const DEVELOPMENT_PROJECT = 'demo';
/** `aud` of development tokens: an identifier that stays the same when the address of the server changes. */
const AUDIENCE = 'urn:kontur:api';
const SCOPE = 'files';
const TOKEN_TTL_SECONDS = 3600;

/** What a client needs to ask for a token, as kept in `development-client.json`. */
export interface ClientCredentials {
  clientId: string;
  clientSecret: string;
}

export interface DevelopmentIssuer {
  /** `iss` of its tokens: the public URL + `/oidc`. */
  issuerUrl: string;
  tokenUrl: string;
  jwksUrl: string;
  credentials: ClientCredentials;
  /** Accepts its tokens for the project `demo`, with every capability. */
  trust: ProjectTrust;
  /** Answers requests below `/oidc`. */
  requestListener: (request: IncomingMessage, response: ServerResponse) => void;
}

/**
 * An OpenID Connect issuer inside the server for client credentials: RS256 access tokens (RFC 9068), valid for an hour. Its
 * signing key and the generated client live in the data folder, so that tokens outlive a restart.
 *
 * @param publicUrl address of the server as clients see it, without a path; the only source of the issuer's addresses
 */
export async function createDevelopmentIssuer({
  publicUrl,
  dataDir,
}: {
  publicUrl: string;
  dataDir: string;
}): Promise<DevelopmentIssuer> {
  const signingKey = await persistedSecret(path.join(dataDir, 'keys', 'development-issuer.json'), createSigningKey);
  const credentials = await persistedSecret(path.join(dataDir, 'development-client.json'), createCredentials);
  const issuerUrl = new URL('/oidc', publicUrl).href;
  const provider = await createProvider(issuerUrl, signingKey, credentials);

  const { kty, n, e, kid, alg, use } = signingKey;
  return {
    issuerUrl,
    tokenUrl: `${issuerUrl}/token`,
    jwksUrl: `${issuerUrl}/jwks`,
    credentials,
    trust: {
      project: DEVELOPMENT_PROJECT,
      issuer: issuerUrl,
      audience: AUDIENCE,
      keys: createLocalJWKSet({ keys: [{ kty, n, e, kid, alg, use }] }),
      clockSkewSeconds: 5,
      capabilities: () => [{ acl: 'filesAcl', actions: ['READ', 'WRITE'] }],
    },
    requestListener: mountProvider(provider, new URL(publicUrl)),
  };
}

async function createSigningKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: randomBytes(8).toString('hex'), alg: 'RS256', use: 'sig' };
}

function createCredentials(): ClientCredentials {
  return { clientId: 'kontur-development', clientSecret: randomBytes(32).toString('base64url') };
}

function createProvider(issuerUrl: string, signingKey: JWK, credentials: ClientCredentials): Promise<Provider> {
  return createOidcProvider(issuerUrl, {
    jwks: { keys: [signingKey] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    clients: [
      {
        client_id: credentials.clientId,
        client_secret: credentials.clientSecret,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    responseTypes: ['code'],
    clientBasedCORS: () => false,
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
    ttl: { ClientCredentials: TOKEN_TTL_SECONDS },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        useGrantedResource: () => true,
        // Any resource that a client's token library insists on sending ends in a token for the one audience there is.
        getResourceServerInfo: () => ({
          scope: SCOPE,
          audience: AUDIENCE,
          accessTokenTTL: TOKEN_TTL_SECONDS,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  });
}

/** Hands requests to the provider as if they had come to the public URL: it forms addresses from the headers it sees. */
function mountProvider(provider: Provider, publicUrl: URL): DevelopmentIssuer['requestListener'] {
  // The discovery document and the keys would else be open to the pages of every origin.
  provider.use(async (context, next) => {
    await next();
    context.remove('access-control-allow-origin');
  });
  provider.proxy = true;
  const answer = provider.callback();
  return (request, response) => {
    const { headers } = request;
    headers.host = publicUrl.host;
    headers['x-forwarded-proto'] = publicUrl.protocol.slice(0, -1);
    delete headers['x-forwarded-host'];
    delete headers.origin;
    (request as IncomingMessage & { originalUrl?: string }).originalUrl = request.url;
    request.url = request.url?.slice('/oidc'.length) || '/';
    void answer(request, response);
  };
}
