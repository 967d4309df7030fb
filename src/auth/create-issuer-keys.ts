import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { KonturError } from '#contract/errors';
import { discoverIssuer } from './discover-issuer.ts';

/** Where the keys of an issuer are. Without `jwksUrl`, the issuer's discovery document has their address. */
export interface IssuerAddress {
  issuer: string;
  jwksUrl?: string;
}

const TIMEOUT_MS = 5_000;
/**
 * An unknown key is only requested again after this time, so that made-up tokens do not become requests to the issuer.
 */
const UNKNOWN_KEY_COOLDOWN_MS = 30_000;
/** An issuer that does not answer is only called again after this time. */
const FAILURE_COOLDOWN_MS = 2_000;

/**
 * Creates a source of an issuer's public keys. They are fetched on first use, and again when a token names an unknown
 * key, so keys can be rotated without a restart. Cooldowns are in milliseconds.
 *
 * @returns a function that throws KonturError `unavailable` while the issuer cannot be reached
 */
export function createIssuerKeys(
  address: IssuerAddress,
  { unknownKeyCooldownMs = UNKNOWN_KEY_COOLDOWN_MS, failureCooldownMs = FAILURE_COOLDOWN_MS } = {},
): JWTVerifyGetKey {
  let keys: Promise<JWTVerifyGetKey> | undefined;
  let failed: { at: number; error: KonturError } | undefined;
  const open = async () => {
    const url = address.jwksUrl ?? (await discover(address.issuer));
    return createRemoteJWKSet(new URL(url), { timeoutDuration: TIMEOUT_MS, cooldownDuration: unknownKeyCooldownMs });
  };
  return async (header, token) => {
    if (failed !== undefined && performance.now() - failed.at < failureCooldownMs) throw failed.error;
    keys ??= open();
    const opening = keys;
    try {
      return await (await opening)(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      await opening.catch(() => {
        if (keys === opening) keys = undefined;
      });
      const unavailable = new KonturError('unavailable', `The keys of ${address.issuer} cannot be had.`, {
        cause: error,
      });
      failed = { at: performance.now(), error: unavailable };
      throw unavailable;
    }
  };
}

/** Address of the issuer's keys, by its discovery document. */
async function discover(issuer: string): Promise<string> {
  const { jwks_uri: address } = await discoverIssuer(issuer, TIMEOUT_MS);
  if (address === undefined) throw new Error(`The discovery document of ${issuer} names no jwks_uri.`);
  if (issuer.startsWith('https:') && !address.startsWith('https:')) {
    throw new Error(`The discovery document of ${issuer} names a jwks_uri without https.`);
  }
  return address;
}
