import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import path from 'node:path';
import { createLocalJWKSet, exportJWK, generateKeyPair, type JWK, type JWTVerifyGetKey } from 'jose';
import type { AdapterFactory } from 'oidc-provider';
import { answerOutages } from './answer-outages.ts';
import { checkClientSecrets } from './check-client-secrets.ts';
import { createOidcProvider } from './create-oidc-provider.ts';
import { type EmbeddedClient, type EmbeddedUser, embeddedIssuerOptions } from './embedded-issuer-options.ts';
import { limitSignIns } from './limit-sign-ins.ts';
import { addLoginPage, type CheckUser } from './login-page.ts';
import { mountOidcProvider, type OidcListener } from './mount-oidc-provider.ts';
import { type KeepSecret, persistedSecret } from './persisted-secret.ts';
import { recogniseOwner } from './recognise-owner.ts';
import { createSecretChecker, type OnRefused } from './secret-checker.ts';

/** `aud` of the tokens: an identifier that stays the same when the address of the server changes. */
export const EMBEDDED_AUDIENCE = 'urn:kontur:api';

/** The OpenID Connect issuer inside the server. */
export interface EmbeddedIssuer {
  /** `iss` of its tokens: the public URL + `/oidc`. */
  issuerUrl: string;
  tokenUrl: string;
  authorizationUrl: string;
  jwksUrl: string;
  keys: JWTVerifyGetKey;
  /** With an only user: address that signs the first one to open it in on the studio. It is as good as a secret. */
  entryUrl?: string;
  /** Answers requests below `/oidc`. */
  requestListener: OidcListener;
}

/**
 * Creates an OpenID Connect issuer inside the server: client credentials, and authorisation code with PKCE through its
 * login page, with refresh tokens for browser apps. RS256 access tokens (RFC 9068), valid for an hour; `sub` is the id
 * of the client or the name of the user. The signing key is stored in `keyFile`, so that tokens outlive a restart.
 *
 * @param publicUrl address of the server as clients see it, without a path; the only source of the issuer's addresses
 * @param keepSecret stores the key elsewhere, if several processes share it
 * @param records stores sessions and sign-ins, which otherwise end with the process
 * @param onlyUser the only user of development mode, whose name is not asked for, and its secret, too long to be
 *   guessed; the studio signs it in without a page if it is the user who runs the server, as far as that can be known
 * @param onRefused is called for each wrong or refused secret
 * @param redirectUris where browser apps may receive a code, in addition to `/studio/` of this server
 */
export async function createEmbeddedIssuer({
  publicUrl,
  keyFile,
  clients,
  users,
  redirectUris,
  keepSecret = persistedSecret,
  records,
  onlyUser,
  onRefused,
}: {
  publicUrl: string;
  keyFile: string;
  clients: readonly EmbeddedClient[];
  users: readonly EmbeddedUser[];
  redirectUris: readonly string[];
  keepSecret?: KeepSecret;
  records?: AdapterFactory;
  onlyUser?: { name: string; secret: string };
  onRefused?: OnRefused;
}): Promise<EmbeddedIssuer> {
  const signingKey = await keepSecret(path.resolve(keyFile), createSigningKey);
  const issuerUrl = new URL('/oidc', publicUrl).href;
  const secrets = createSecretChecker({ onRefused });
  const provider = await createOidcProvider(
    issuerUrl,
    embeddedIssuerOptions({
      publicUrl,
      signingKey,
      clients,
      users,
      redirectUris,
      records,
      audience: EMBEDDED_AUDIENCE,
    }),
  );
  answerOutages(provider);
  checkClientSecrets(provider, secrets);
  const checkUser: CheckUser = async ({ name, password, address, signal }) => {
    if (onlyUser !== undefined) {
      const matches = timingSafeEqual(digest(password), digest(onlyUser.secret));
      if (!matches) onRefused?.({ kind: 'user', name, address, reason: 'wrong secret' });
      return matches;
    }
    const user = users.find((known) => known.name === name);
    return secrets.check({ kind: 'user', name, address }, password, user?.passwordHash, signal);
  };
  limitSignIns(provider);
  const owner = onlyUser === undefined ? undefined : recogniseOwner(provider, { publicUrl, issuerUrl });
  addLoginPage(provider, {
    checkUser,
    ...(onlyUser !== undefined && { onlyUser: onlyUser.name, isOnlyUser: owner?.isOwner }),
  });

  const { kty, n, e, kid, alg, use } = signingKey;
  return {
    issuerUrl,
    tokenUrl: `${issuerUrl}/token`,
    authorizationUrl: `${issuerUrl}/auth`,
    jwksUrl: `${issuerUrl}/jwks`,
    keys: createLocalJWKSet({ keys: [{ kty, n, e, kid, alg, use }] }),
    ...(owner !== undefined && { entryUrl: owner.entryUrl }),
    requestListener: mountOidcProvider(provider, new URL(publicUrl)),
  };
}

const digest = (text: string) => createHash('sha256').update(text).digest();

async function createSigningKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: randomBytes(8).toString('hex'), alg: 'RS256', use: 'sig' };
}
