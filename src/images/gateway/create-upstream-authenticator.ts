import { KonturError } from '#contract/errors';
import type { Authenticate } from '../../auth/create-authenticator.ts';
import { bearerToken } from '../../auth/verify-token.ts';
import { createShortMemory } from '../../runtime/short-memory.ts';
import type { UpstreamApi } from './create-upstream-api.ts';

/** The upstream checks the rights to every file that is read; this server has no files. */
const CAPABILITIES = [{ acl: 'filesAcl', actions: ['READ'] }] as const;

/**
 * Creates an authenticator that lets the upstream verify tokens, caches a success for a minute, and passes on refusals.
 */
export function createUpstreamAuthenticator({
  api,
  now = Date.now,
}: {
  api: Pick<UpstreamApi, 'inspectToken'>;
  now?: () => number;
}): Authenticate {
  const memory = createShortMemory<Awaited<ReturnType<UpstreamApi['inspectToken']>>>(now);
  return async (authorization, project) => {
    const token = bearerToken(authorization);
    if (token === undefined) throw unauthorized();
    const { subject, projects } = await memory.recall([token], () => api.inspectToken(`Bearer ${token}`));
    const accepting = projects.find(({ projectUrlName }) => project === undefined || projectUrlName === project);
    if (accepting === undefined) throw unauthorized();
    return { subject, project: accepting.projectUrlName, capabilities: CAPABILITIES };
  };
}

const unauthorized = () => new KonturError('unauthorized', 'Unauthorized');
