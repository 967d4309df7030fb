import { createHash, createHmac } from 'node:crypto';
import type { JWK } from 'jose';
import type { AdapterFactory, ClientMetadata, Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { defined } from '#contract/defined';
import { BROWSER_CLIENT_ID, NATIVE_CLIENT_ID } from '../config/access-settings.ts';
import { renderErrorPage, renderSignedOutPage, renderSignOutPage, SIGN_OUT_SCRIPT } from './login-html.ts';

const NATIVE_REDIRECT_URIS = ['http://127.0.0.1/callback', 'http://[::1]/callback', 'http://localhost/callback'];

const SCOPE = 'files';
const TOKEN_TTL_SECONDS = 3600;
const SESSION_TTL_SECONDS = 8 * 3600;
const LOGIN_TTL_SECONDS = 15 * 60;
const CODE_TTL_SECONDS = 60;

/** A client that requests tokens by client credentials. */
export interface EmbeddedClient {
  id: string;
  secretHash: string;
}

/** A user that signs in on the login page; without a hash, by the secret of development mode. */
export interface EmbeddedUser {
  name: string;
  passwordHash?: string;
}

/** Options of the provider library. */
export function embeddedIssuerOptions({
  publicUrl,
  signingKey,
  clients,
  users,
  redirectUris,
  audience,
  records,
}: {
  publicUrl: string;
  signingKey: JWK;
  clients: readonly EmbeddedClient[];
  users: readonly EmbeddedUser[];
  redirectUris: readonly string[];
  audience: string;
  records?: AdapterFactory;
}): Configuration {
  return {
    adapter: records,
    jwks: { keys: [signingKey as never] },
    cookies: { keys: [cookieKey(signingKey, users)] },
    clients: [...clients.map(confidentialClient), ...publicClients(publicUrl, redirectUris)],
    responseTypes: ['code'],
    // Without offline_access: a refresh token ends with the session of the browser, and needs no scope.
    scopes: ['openid'],
    issueRefreshToken: (_context, client) => client.grantTypeAllowed('refresh_token'),
    clientBasedCORS: () => false,
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    ttl: {
      ClientCredentials: TOKEN_TTL_SECONDS,
      AccessToken: TOKEN_TTL_SECONDS,
      IdToken: TOKEN_TTL_SECONDS,
      AuthorizationCode: CODE_TTL_SECONDS,
      // However often it is exchanged, a session is not longer for it.
      RefreshToken: ({ oidc }) => oidc.entities.RotatedRefreshToken?.remainingTTL ?? SESSION_TTL_SECONDS,
      Interaction: LOGIN_TTL_SECONDS,
      Session: SESSION_TTL_SECONDS,
      Grant: SESSION_TTL_SECONDS,
    },
    interactions: { url: (_context, { uid }) => `/oidc/interaction/${uid}` },
    findAccount: (_context, name) =>
      users.some((user) => user.name === name) ? { accountId: name, claims: async () => ({ sub: name }) } : undefined,
    // Every client is the operator's, so users are not asked for consent.
    loadExistingGrant: loadGrant,
    renderError: (context) => {
      context.type = 'html';
      context.body = renderErrorPage();
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (context, form) => {
          const isMeant = leavesStudio(context, publicUrl);
          if (isMeant) allowScript(context, SIGN_OUT_SCRIPT);
          context.body = renderSignOutPage(form, isMeant);
        },
        postLogoutSuccessSource: (context) => {
          context.type = 'html';
          context.body = renderSignedOutPage();
        },
      },
      userinfo: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        // Any resource that a client's token library insists on sending ends in a token for the one audience there is.
        getResourceServerInfo: (context) => {
          addDefaultScope(context);
          return {
            scope: SCOPE,
            audience,
            accessTokenTTL: TOKEN_TTL_SECONDS,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'RS256' } },
          };
        },
      },
    },
  };
}

/**
 * Derives the cookie key from the signing key and the users, so that it is equal on all servers. A changed password,
 * which may have leaked, changes the key and so ends every session.
 */
function cookieKey({ d }: JWK, users: readonly EmbeddedUser[]): string {
  const known = users.map(({ name, passwordHash }) => JSON.stringify([name, passwordHash])).sort();
  return createHmac('sha256', defined(d, 'private part of the signing key'))
    .update(`cookies ${known.join()}`)
    .digest('base64url');
}

/** RFC 6749, section 3.3: who asks for no scope of the API is granted the default one, and the answer says so. */
function addDefaultScope({ oidc }: KoaContextWithOIDC): void {
  const { params } = oidc;
  if (params === undefined || oidc.requestParamScopes.has(SCOPE)) return;
  params.scope = [...oidc.requestParamScopes, SCOPE].join(' ');
}

function confidentialClient({ id, secretHash }: EmbeddedClient): ClientMetadata {
  return {
    client_id: id,
    client_secret: secretHash,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
  };
}

function publicClients(publicUrl: string, redirectUris: readonly string[]): ClientMetadata[] {
  const shared = {
    grant_types: ['authorization_code'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  } satisfies Partial<ClientMetadata>;
  const studio = studioUrl(publicUrl);
  return [
    {
      ...shared,
      client_id: BROWSER_CLIENT_ID,
      grant_types: ['authorization_code', 'refresh_token'],
      application_type: 'web',
      redirect_uris: [studio, ...redirectUris],
      post_logout_redirect_uris: [studio, ...redirectUris],
    },
    { ...shared, client_id: NATIVE_CLIENT_ID, application_type: 'native', redirect_uris: NATIVE_REDIRECT_URIS },
  ];
}

const studioUrl = (publicUrl: string) => new URL('/studio/', publicUrl).href;

/**
 * Whether somebody has pressed the studio's own button for signing out: no other page has the id token that the studio
 * got in this session, which the provider has checked, so nobody needs to be asked once more.
 */
function leavesStudio({ oidc }: KoaContextWithOIDC, publicUrl: string): boolean {
  const { session, params, client, entities } = oidc;
  return (
    client?.clientId === BROWSER_CLIENT_ID &&
    params?.post_logout_redirect_uri === studioUrl(publicUrl) &&
    session?.accountId !== undefined &&
    entities.IdTokenHint?.payload.sub === session.accountId
  );
}

/** Lets one inline script of an answer run, by its digest. */
function allowScript({ response }: KoaContextWithOIDC, script: string): void {
  const digest = createHash('sha256').update(script).digest('base64');
  const policy = response.get('content-security-policy');
  response.set('content-security-policy', policy.replace(/script-src(?=;|$)/, `script-src 'sha256-${digest}'`));
}

/**
 * The grant of a sign-in, for everything that it asks for. The pages of one browser share theirs, since a refresh token
 * is good as long as its session has the grant that it came from; one that ends sooner than a token is replaced.
 */
async function loadGrant({ oidc }: KoaContextWithOIDC) {
  const { provider, session, resourceServers = {} } = oidc;
  const { clientId } = defined(oidc.client, 'client of the grant');
  const resources = Object.keys(resourceServers);
  const known = session?.grantIdFor(clientId);
  const shared = known === undefined ? undefined : await provider.Grant.find(known);
  const covers = resources.every((resource) => shared?.getResourceScope(resource).split(' ').includes(SCOPE));
  if (shared !== undefined && covers && shared.remainingTTL > TOKEN_TTL_SECONDS) return shared;
  const grant = new provider.Grant({ clientId, accountId: defined(session?.accountId, 'user of the grant') });
  grant.addOIDCScope('openid');
  for (const resource of resources) grant.addResourceScope(resource, SCOPE);
  await grant.save();
  return grant;
}
