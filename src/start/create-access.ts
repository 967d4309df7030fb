import path from 'node:path';
import { createDevelopmentIssuer } from '../auth/create-development-issuer.ts';
import { createEmbeddedIssuer, type EmbeddedIssuer } from '../auth/create-embedded-issuer.ts';
import { createBuiltinTrusts, createOidcTrusts } from '../auth/create-project-trusts.ts';
import type { ProjectTrust } from '../auth/verify-token.ts';
import type { Config } from '../config/load-config.ts';

/** The projects with those whose tokens they accept, and the embedded issuer in the modes that have one. */
export async function createAccess(
  config: Pick<Config, 'auth' | 'dataDir' | 'projects' | 'clients' | 'users' | 'redirectUris'>,
  publicUrl: string,
): Promise<{ trusts: ProjectTrust[]; issuer?: EmbeddedIssuer }> {
  const { auth, dataDir, projects, clients, users, redirectUris } = config;
  if (auth === 'oidc') return { trusts: createOidcTrusts(projects) };
  if (auth === 'development') {
    const issuer = await createDevelopmentIssuer({ publicUrl, dataDir });
    return { issuer, trusts: [issuer.trust] };
  }
  const keyFile = path.join(dataDir, 'keys', 'issuer.json');
  const issuer = await createEmbeddedIssuer({ publicUrl, keyFile, clients, users, redirectUris });
  return { issuer, trusts: createBuiltinTrusts(issuer, { projects, clients, users }) };
}
