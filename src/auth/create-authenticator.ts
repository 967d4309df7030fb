import { decodeJwt, errors } from 'jose';
import { KonturError } from '#contract/errors';
import { type Principal, toCapabilities } from './principal.ts';
import { rememberMembers } from './remember-members.ts';
import { bearerToken, type ProjectTrust, verifyToken } from './verify-token.ts';

/**
 * Authenticates an `Authorization` header.
 *
 * @param project from the path of the request; undefined if the path names none: then any project that accepts the
 *   token
 * @throws KonturError `unauthorized`, worded alike for an unknown project and a bad token; `unavailable` if the
 *   issuer's keys cannot be fetched
 */
export type Authenticate = (authorization: string | undefined, project: string | undefined) => Promise<Principal>;

/** Creates the authenticator of all projects. A token counts only for projects that trust its issuer. */
export function createAuthenticator(trusts: readonly ProjectTrust[]): Authenticate {
  const verify = rememberMembers(verifyToken);
  return async (authorization, project) => {
    const token = bearerToken(authorization);
    if (token === undefined) throw new KonturError('unauthorized', 'Unauthorized');
    let message = 'Unauthorized';
    const asked = trusts.filter((trust) => project === undefined || trust.project === project);
    const issuer = issuerOf(token);
    const decoys = asked.some((trust) => trust.issuer === issuer)
      ? []
      : trusts.filter((trust) => trust.issuer === issuer).slice(0, 1);
    for (const trust of [...asked, ...decoys]) {
      try {
        const { subject, groups } = await verify(token, trust);
        // As much work as for a project that accepts the issuer: the time does not tell which projects there are.
        if (decoys.includes(trust)) continue;
        return { subject, project: trust.project, capabilities: toCapabilities(groups) };
      } catch (error) {
        if (!(error instanceof errors.JOSEError)) throw error;
        if (error instanceof errors.JWTExpired) message = 'Unauthorized: the token has expired.';
      }
    }
    throw new KonturError('unauthorized', message);
  };
}

function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}
