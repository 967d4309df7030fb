import { decodeJwt, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Group } from '#contract/access/group';
import { defined } from '#contract/defined';

/** An issuer that a project trusts, and the rights that its tokens grant. */
export interface ProjectTrust {
  project: string;
  /** Exact `iss` of accepted tokens. */
  issuer: string;
  /** `aud` that tokens must have. */
  audience: string;
  /** Where the issuer publishes its keys, if known; only for the description of the project. */
  jwksUrl?: string;
  /** Claim that names the groups of the subject, if the token has them. */
  groupsClaim?: string;
  /** The issuer's public keys. */
  keys: JWTVerifyGetKey;
  clockSkewSeconds: number;
  /** Every group of the project. */
  groups: readonly Group[];
  /** The groups of the subject of these claims; undefined if the project does not know the subject. */
  groupsOf: (claims: JWTPayload) => readonly Group[] | undefined;
}

/** The subject of a token in a project. */
export interface Member {
  subject: string;
  groups: readonly Group[];
  /** End of the token, in milliseconds since 1970-01-01 UTC, without the project's allowance for clock skew. */
  expiresTime: number;
}

/** Asymmetric algorithms only: a published key must never be usable as a secret. */
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

/** Extracts the token of an `Authorization` header; undefined if there is none. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +([^ ]+) *$/i.exec(authorization ?? '')?.[1];
}

/**
 * Verifies a token for a project. Keys are only fetched for tokens of the trusted issuer, so that foreign tokens cause
 * no requests.
 *
 * @throws errors.JOSEError of jose for a token that is not accepted
 * @throws KonturError `unavailable` if the keys cannot be fetched
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
  return { subject: String(payload.sub), groups, expiresTime: defined(payload.exp, 'end of the token') * 1000 };
}
