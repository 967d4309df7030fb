import type { JWTPayload } from 'jose';
import type { ClientSetting, ProjectSetting, UserSetting } from '../config/access-settings.ts';
import { EMBEDDED_AUDIENCE, type EmbeddedIssuer } from './create-embedded-issuer.ts';
import { createIssuerKeys } from './create-issuer-keys.ts';
import type { ProjectTrust } from './verify-token.ts';

const DEFAULT_SKEW_SECONDS = 30;
const DEFAULT_GROUPS_CLAIM = 'groups';

type Projects = Record<string, ProjectSetting>;

/**
 * Trusts of projects that accept tokens of external identity providers: a claim of the token names the groups of its
 * subject.
 */
export function createOidcTrusts(projects: Projects): ProjectTrust[] {
  return Object.entries(projects).map(([project, setting]) => {
    const { issuer = '', jwksUrl, audience = '', groups, groupsClaim = DEFAULT_GROUPS_CLAIM } = setting;
    return {
      project,
      issuer,
      audience,
      ...(jwksUrl !== undefined && { jwksUrl }),
      groupsClaim,
      keys: createIssuerKeys({ issuer, jwksUrl }),
      clockSkewSeconds: setting.clockSkewSeconds ?? DEFAULT_SKEW_SECONDS,
      groups,
      groupsOf(claims) {
        const carried = namesIn(claims, groupsClaim);
        return groups.filter(({ sourceId }) => carried.includes(sourceId));
      },
    };
  });
}

/**
 * Trusts of projects that accept tokens of the embedded issuer. The groups of a subject are read from the
 * configuration, so changes apply from the next start, not only once tokens have expired. A project does not know
 * subjects that the configuration puts in none of its groups.
 */
export function createBuiltinTrusts(
  { issuerUrl, jwksUrl, keys }: Pick<EmbeddedIssuer, 'issuerUrl' | 'jwksUrl' | 'keys'>,
  {
    projects,
    clients,
    users,
  }: { projects: Projects; clients: readonly ClientSetting[]; users: readonly UserSetting[] },
): ProjectTrust[] {
  const memberships = new Map([
    ...clients.map(({ id, groups }) => [id, groups] as const),
    ...users.map(({ name, groups }) => [name, groups] as const),
  ]);
  return Object.entries(projects).map(([project, { groups }]) => ({
    project,
    issuer: issuerUrl,
    audience: EMBEDDED_AUDIENCE,
    jwksUrl,
    keys,
    clockSkewSeconds: DEFAULT_SKEW_SECONDS,
    groups,
    groupsOf({ sub = '' }) {
      const sourceIds = memberships.get(sub)?.[project] ?? [];
      const found = groups.filter(({ sourceId }) => sourceIds.includes(sourceId));
      return found.length === 0 ? undefined : found;
    },
  }));
}

/** A claim may hold one name or a list. */
function namesIn(claims: JWTPayload, claim: string): unknown[] {
  const value = Object.hasOwn(claims, claim) ? claims[claim] : [];
  return Array.isArray(value) ? value : [value];
}
