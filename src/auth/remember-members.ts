import type { Member, ProjectTrust } from './verify-token.ts';

/** Checks a token as `verifyToken` does. */
export type Verify = (token: string, trust: ProjectTrust) => Promise<Member>;

/** As long as a key that its issuer has withdrawn may still count. */
const REMEMBERED_MS = 30_000;
const MAX_REMEMBERED = 1_000;

/**
 * Spares clients that poll the check of the same signature with each request: a token that was accepted is accepted again for
 * 30 s, but never beyond its end. What was refused is not remembered.
 */
export function rememberMembers(verify: Verify, now: () => number = Date.now): Verify {
  const perTrust = new WeakMap<ProjectTrust, Map<string, { member: Member; until: number }>>();

  return async (token, trust) => {
    const remembered = perTrust.get(trust) ?? new Map<string, { member: Member; until: number }>();
    perTrust.set(trust, remembered);
    const known = remembered.get(token);
    if (known !== undefined && now() < known.until) return known.member;
    remembered.delete(token);
    const member = await verify(token, trust);
    remembered.set(token, { member, until: Math.min(member.expiresTime, now() + REMEMBERED_MS) });
    if (remembered.size > MAX_REMEMBERED) remembered.delete(remembered.keys().next().value!);
    return member;
  };
}
