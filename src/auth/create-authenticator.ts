import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { KonturError } from '../contract/error-codes.ts';
import type { Capability, Principal } from './principal.ts';

/** Whose tokens a project accepts, and what they grant. */
export interface ProjectTrust {
  project: string;
  /** Exact `iss` of its tokens. */
  issuer: string;
  /** `aud` that its tokens must carry. */
  audience: string;
  /** Public keys of the issuer: jose's createLocalJWKSet or createRemoteJWKSet. */
  keys: JWTVerifyGetKey;
  clockSkewSeconds: number;
  capabilities: (claims: JWTPayload) => readonly Capability[];
}

/**
 * Turns an `Authorization` header into the principal it stands for.
 *
 * @param project from the path of the request; undefined where the path names none: then any project that accepts the token
 * @throws KonturError `unauthorized`, worded alike for an unknown project and a bad token
 */
export type Authenticate = (authorization: string | undefined, project: string | undefined) => Promise<Principal>;

/** Signatures that only the holder of a private key can make: a published key must never be usable as a secret. */
const ASYMMETRIC_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
];

/** A token counts only for the project whose issuer made it. */
export function createAuthenticator(trusts: readonly ProjectTrust[]): Authenticate {
  return async (authorization, project) => {
    const token = /^Bearer +([^ ]+) *$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) throw new KonturError('unauthorized', 'Unauthorized');
    let message = 'Unauthorized';
    for (const trust of trusts) {
      if (project !== undefined && trust.project !== project) continue;
      try {
        return await verify(token, trust);
      } catch (error) {
        if (!(error instanceof errors.JOSEError)) throw error;
        if (error instanceof errors.JWTExpired) message = 'Unauthorized: the token has expired.';
      }
    }
    throw new KonturError('unauthorized', message);
  };
}

async function verify(token: string, trust: ProjectTrust): Promise<Principal> {
  const { payload } = await jwtVerify(token, trust.keys, {
    algorithms: ASYMMETRIC_ALGORITHMS,
    issuer: trust.issuer,
    audience: trust.audience,
    clockTolerance: trust.clockSkewSeconds,
    requiredClaims: ['exp', 'sub'],
  });
  return { subject: String(payload.sub), project: trust.project, capabilities: trust.capabilities(payload) };
}
