import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type ClientCredentials, createDevelopmentIssuer } from '../auth/create-development-issuer.ts';
import { createEmbeddedIssuer, type EmbeddedIssuer } from '../auth/create-embedded-issuer.ts';
import { createBuiltinTrusts, createOidcTrusts } from '../auth/create-project-trusts.ts';
import { createIssuerRecords } from '../auth/issuer-records.ts';
import { type KeepSecret, persistedSecret } from '../auth/persisted-secret.ts';
import type { OnRefused } from '../auth/secret-checker.ts';
import type { ProjectTrust } from '../auth/verify-token.ts';
import type { Config } from '../config/load-config.ts';
import type { Database } from '../database/open-database.ts';
import { writeWholeFile } from '../runtime/write-whole-file.ts';
import type { Logger } from '../telemetry/create-logger.ts';

/** Creates the trusts of all projects, and the embedded issuer in modes that have one. */
export async function createAccess(
  config: Pick<Config, 'auth' | 'dataDir' | 'projects' | 'clients' | 'users' | 'redirectUris'>,
  {
    publicUrl,
    keepSecret,
    database,
    logger,
  }: { publicUrl: string; keepSecret: KeepSecret; database: Pick<Database, 'kysely'>; logger: Pick<Logger, 'warn'> },
): Promise<{ trusts: ProjectTrust[]; issuer?: EmbeddedIssuer }> {
  const { auth, dataDir, projects, clients, users, redirectUris } = config;
  if (auth === 'oidc') return { trusts: createOidcTrusts(projects) };
  const records = createIssuerRecords(database);
  const onRefused: OnRefused = (refused) => logger.warn(refused, 'a sign-in was refused');
  if (auth === 'development') {
    const issuer = await createDevelopmentIssuer({ publicUrl, dataDir, redirectUris, keepSecret, records, onRefused });
    if (keepSecret !== persistedSecret) await writeCredentials(dataDir, issuer.credentials);
    return { issuer, trusts: [issuer.trust] };
  }
  const keyFile = path.join(dataDir, 'keys', 'issuer.json');
  const issuer = await createEmbeddedIssuer({
    publicUrl,
    keyFile,
    clients,
    users,
    redirectUris,
    keepSecret,
    records,
    onRefused,
  });
  return { issuer, trusts: createBuiltinTrusts(issuer, { projects, clients, users }) };
}

/** Writes the file that `kontur token` reads, even if the secret itself is stored in the database. */
async function writeCredentials(dataDir: string, credentials: ClientCredentials): Promise<void> {
  await writeWholeFile(path.join(dataDir, 'development-client.json'), (draft) =>
    writeFile(draft, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 }),
  );
}
