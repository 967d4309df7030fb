import { decodeJwt, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Group } from '#contract/access/group';

/** Whose tokens a project accepts, and what they grant. */
export interface ProjectTrust {
  project: string;
  /** Exact `iss` of its tokens. */
  issuer: string;
  /** `aud` that its tokens must carry. */
  audience: string;
  /** Where the issuer publishes its keys, where that is known; for the description of the project alone. */
  jwksUrl?: string;
  /** Claim that names the groups of the subject, where the token does. */
  groupsClaim?: string;
  /** Public keys of the issuer. */
  keys: JWTVerifyGetKey;
  clockSkewSeconds: number;
  /** Every group of the project. */
  groups: readonly Group[];
  /** The groups that the bearer of these claims is in; undefined where the project does not know the bearer at all. */
  groupsOf: (claims: JWTPayload) => readonly Group[] | undefined;
}

/** Who a token stands for in a project. */
export interface Member {
  subject: string;
  groups: readonly Group[];
  /** End of the token, in milliseconds since 1970-01-01 UTC; the clock skew of the project comes on top. */
  expiresTime: number;
}

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

/** The token of an `Authorization` header; undefined where it carries none. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +([^ ]+) *$/i.exec(authorization ?? '')?.[1];
}

/**
 * Checks a token against what a project accepts. The keys are only asked for when the token names their issuer, so that
 * nobody else's token makes the server call it.
 *
 * @throws errors.JOSEError of jose for a token that is not accepted
 * @throws KonturError `unavailable` where the keys cannot be had
 */
export async function verifyToken(token: string, trust: ProjectTrust): Promise<Member> {
  if (decodeJwt(token).iss !== trust.issuer) throw new errors.JWTInvalid('The token is of another issuer.');
  const { payload } = await jwtVerify(token, trust.keys, {
    algorithms: ASYMMETRIC_ALGORITHMS,
    issuer: trust.issuer,
    audience: trust.audience,
    clockTolerance: trust.clockSkewSeconds,
    requiredClaims: ['exp', 'sub'],
  });
  const groups = trust.groupsOf(payload);
  if (groups === undefined) throw new errors.JWTInvalid('The subject is not known to the project.');
  return { subject: String(payload.sub), groups, expiresTime: payload.exp! * 1000 };
}
