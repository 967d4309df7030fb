import { errors } from 'jose';
import { KonturError } from '#contract/errors';
import { type Principal, toCapabilities } from './principal.ts';
import { rememberMembers } from './remember-members.ts';
import { bearerToken, type ProjectTrust, verifyToken } from './verify-token.ts';

/**
 * Turns an `Authorization` header into the principal it stands for.
 *
 * @param project from the path of the request; undefined where the path names none: then any project that accepts the token
 * @throws KonturError `unauthorized`, worded alike for an unknown project and a bad token; `unavailable` where the issuer's
 *   keys cannot be had
 */
export type Authenticate = (authorization: string | undefined, project: string | undefined) => Promise<Principal>;

/** A token counts only for the project whose issuer made it. */
export function createAuthenticator(trusts: readonly ProjectTrust[]): Authenticate {
  const verify = rememberMembers(verifyToken);
  return async (authorization, project) => {
    const token = bearerToken(authorization);
    if (token === undefined) throw new KonturError('unauthorized', 'Unauthorized');
    let message = 'Unauthorized';
    for (const trust of trusts) {
      if (project !== undefined && trust.project !== project) continue;
      try {
        const { subject, groups } = await verify(token, trust);
        return { subject, project: trust.project, capabilities: toCapabilities(groups) };
      } catch (error) {
        if (!(error instanceof errors.JOSEError)) throw error;
        if (error instanceof errors.JWTExpired) message = 'Unauthorized: the token has expired.';
      }
    }
    throw new KonturError('unauthorized', message);
  };
}
