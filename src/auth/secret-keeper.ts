import path from 'node:path';
import type { Database } from '../database/open-database.ts';
import { sharedSecret } from '../database/shared-secret.ts';
import { type KeepSecret, persistedSecret } from './persisted-secret.ts';

/**
 * Where keys are kept: in files of the data folder, as long as that is all there is, and else in the database, so that what one
 * process signs every other accepts.
 */
export function createSecretKeeper(database: Database): KeepSecret {
  if (database.embedded) return persistedSecret;
  return (file, create) => sharedSecret(database, path.basename(file, '.json'), create);
}

/** The key of signed links. It outlives a restart, and so do the links. */
export async function keepLinkKey(keepSecret: KeepSecret, dataDir: string): Promise<Uint8Array> {
  const file = path.join(dataDir, 'keys', 'link-signing.json');
  const { key } = await keepSecret(file, () => ({
    key: Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url'),
  }));
  return new Uint8Array(Buffer.from(key, 'base64url'));
}
