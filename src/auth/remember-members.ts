import { LRUCache } from 'lru-cache';
import type { Member, ProjectTrust } from './verify-token.ts';

/** Verifies a token as `verifyToken` does. */
export type Verify = (token: string, trust: ProjectTrust) => Promise<Member>;

/** Also how long a key that its issuer has withdrawn may still be accepted. */
const REMEMBERED_MS = 30_000;
const MAX_REMEMBERED = 1_000;

/**
 * Caches successful verifications for 30 s, but never beyond the token's end, for clients that poll. Refusals are not
 * cached.
 */
export function rememberMembers(verify: Verify, now: () => number = Date.now): Verify {
  const perTrust = new WeakMap<ProjectTrust, LRUCache<string, { member: Member; until: number }>>();

  return async (token, trust) => {
    const remembered = perTrust.get(trust) ?? new LRUCache({ max: MAX_REMEMBERED });
    perTrust.set(trust, remembered);
    const known = remembered.get(token);
    if (known !== undefined && now() < known.until) return known.member;
    remembered.delete(token);
    const member = await verify(token, trust);
    remembered.set(token, { member, until: Math.min(member.expiresTime, now() + REMEMBERED_MS) });
    return member;
  };
}
