import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { AdapterFactory } from 'oidc-provider';
import type { Group } from '#contract/access/group';
import { createEmbeddedIssuer, EMBEDDED_AUDIENCE, type EmbeddedIssuer } from './create-embedded-issuer.ts';
import { type KeepSecret, persistedSecret } from './persisted-secret.ts';
import type { OnRefused } from './secret-checker.ts';
import { hashSecret } from './secret-hash.ts';
import type { ProjectTrust } from './verify-token.ts';

/** The only project in development mode. */
const DEVELOPMENT_PROJECT = 'demo';
const DEVELOPMENT_USER = 'developer';
const REDIRECT_URIS = ['http://localhost:3000/', 'http://localhost:5173/'];
const EMBEDDED_SKEW_SECONDS = 5;

const EVERYWHERE = { all: {} };
const EVERYTHING = { actions: ['READ' as const, 'WRITE' as const], scope: EVERYWHERE };
/** The group of all users and clients in development mode. */
export const DEVELOPERS: Group = {
  id: 1,
  name: 'developers',
  sourceId: 'developers',
  capabilities: [
    { filesAcl: EVERYTHING },
    { labelsAcl: EVERYTHING },
    { datasetsAcl: { actions: ['READ', 'WRITE', 'OWNER'], scope: EVERYWHERE } },
    { annotationsAcl: { actions: ['READ', 'WRITE', 'SUGGEST', 'REVIEW'], scope: EVERYWHERE } },
    { dataModelsAcl: EVERYTHING },
    { dataModelInstancesAcl: EVERYTHING },
    { groupsAcl: { actions: ['LIST'], scope: EVERYWHERE } },
  ],
};

/** What a client needs to request a token, as stored in `development-client.json`. */
export interface ClientCredentials {
  clientId: string;
  clientSecret: string;
}

/** The embedded issuer of development mode, with the trust of its project and its client's credentials. */
export interface DevelopmentIssuer extends EmbeddedIssuer {
  credentials: ClientCredentials;
  /** Accepts the issuer's tokens for the project `demo`, with every capability. */
  trust: ProjectTrust;
}

/**
 * Creates the embedded issuer of development mode: one generated client, whose secret is stored in the data folder for
 * `kontur token`, and one user who signs in with the same secret.
 */
export async function createDevelopmentIssuer({
  publicUrl,
  dataDir,
  redirectUris = [],
  keepSecret = persistedSecret,
  records,
  onRefused,
}: {
  publicUrl: string;
  dataDir: string;
  redirectUris?: readonly string[];
  keepSecret?: KeepSecret;
  records?: AdapterFactory;
  onRefused?: OnRefused;
}): Promise<DevelopmentIssuer> {
  const credentials = await keepSecret(path.join(dataDir, 'development-client.json'), createCredentials);
  const issuer = await createEmbeddedIssuer({
    publicUrl,
    keyFile: path.join(dataDir, 'keys', 'development-issuer.json'),
    clients: [{ id: credentials.clientId, secretHash: await hashSecret(credentials.clientSecret) }],
    // Loopback is no wall against other users of the machine: what only the owner of the data folder can read is.
    users: [{ name: DEVELOPMENT_USER }],
    onlyUser: { name: DEVELOPMENT_USER, secret: credentials.clientSecret },
    onRefused,
    redirectUris: [...new Set([...REDIRECT_URIS, ...redirectUris])],
    keepSecret,
    records,
  });
  const trust: ProjectTrust = {
    project: DEVELOPMENT_PROJECT,
    issuer: issuer.issuerUrl,
    audience: EMBEDDED_AUDIENCE,
    keys: issuer.keys,
    clockSkewSeconds: EMBEDDED_SKEW_SECONDS,
    groups: [DEVELOPERS],
    groupsOf: () => [DEVELOPERS],
  };
  return { ...issuer, credentials, trust };
}

function createCredentials(): ClientCredentials {
  return { clientId: 'kontur-development', clientSecret: randomBytes(32).toString('base64url') };
}
