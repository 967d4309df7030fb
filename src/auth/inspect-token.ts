import { errors } from 'jose';
import { KonturError } from '#contract/errors';
import { bearerToken, type Member, type ProjectTrust, verifyToken } from './verify-token.ts';

/** A project that accepts a token, and the groups of the token's subject in it. */
export interface Membership extends Member {
  project: string;
}

/**
 * Finds every project that accepts the token of an `Authorization` header.
 *
 * @throws KonturError `unauthorized` if none does; `unavailable` if an issuer's keys cannot be fetched
 */
export async function inspectToken(
  trusts: readonly ProjectTrust[],
  authorization: string | undefined,
): Promise<Membership[]> {
  const token = bearerToken(authorization);
  if (token === undefined) throw new KonturError('unauthorized', 'Unauthorized');
  const found: Membership[] = [];
  for (const trust of trusts) {
    try {
      found.push({ project: trust.project, ...(await verifyToken(token, trust)) });
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
    }
  }
  if (found.length === 0) throw new KonturError('unauthorized', 'Unauthorized');
  return found;
}
