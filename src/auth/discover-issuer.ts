/** What is read of a discovery document; each address is one of `http:` or `https:`, whichever the issuer has. */
export interface IssuerDocument {
  jwks_uri?: string;
  token_endpoint?: string;
  revocation_endpoint?: string;
  userinfo_endpoint?: string;
}

/**
 * Fetches the discovery document of an issuer (OpenID Connect Discovery 1.0, section 4).
 *
 * @throws Error if it cannot be had within the time, or is one of another issuer
 */
export async function discoverIssuer(issuer: string, timeoutMs: number): Promise<IssuerDocument> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) throw new Error(`The discovery document of ${issuer} was answered with ${response.status}.`);
  const document = (await response.json()) as IssuerDocument & { issuer?: string };
  if (document.issuer !== issuer) throw new Error(`The discovery document of ${issuer} is one of ${document.issuer}.`);
  return document;
}
