import { discoverIssuer, type IssuerDocument } from './discover-issuer.ts';

/** A page waits for this once, and no longer. */
const TIMEOUT_MS = 2_000;
/** An issuer that does not answer is only asked again after this time. */
const FAILURE_COOLDOWN_MS = 30_000;

/**
 * Finds the origins that a browser app calls to sign in at an issuer: its own and those of the endpoints that its
 * discovery document names, which some issuers have elsewhere. Fetched on first use, and once; while the issuer cannot
 * be reached, its own origin alone.
 */
export function createIssuerOrigins(
  issuer: string,
  { failureCooldownMs = FAILURE_COOLDOWN_MS } = {},
): () => Promise<readonly string[]> {
  const own = new URL(issuer).origin;
  let found: Promise<readonly string[]> | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;
  return async () => {
    if (performance.now() - failedAt < failureCooldownMs) return [own];
    found ??= discoverIssuer(issuer, TIMEOUT_MS).then(
      (document) => [...new Set([own, ...originsOf(document)])],
      () => {
        failedAt = performance.now();
        found = undefined;
        return [own];
      },
    );
    return found;
  };
}

/** A policy is made of them: what is no address of the web is left out. */
function originsOf({ token_endpoint, revocation_endpoint, userinfo_endpoint, jwks_uri }: IssuerDocument): string[] {
  return [token_endpoint, revocation_endpoint, userinfo_endpoint, jwks_uri].flatMap((address) => {
    if (typeof address !== 'string' || !URL.canParse(address)) return [];
    const { protocol, origin } = new URL(address);
    return protocol === 'https:' || protocol === 'http:' ? [origin] : [];
  });
}
