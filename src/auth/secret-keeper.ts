import path from 'node:path';
import type { Database } from '../database/open-database.ts';
import { sharedSecret } from '../database/shared-secret.ts';
import { type KeepSecret, persistedSecret } from './persisted-secret.ts';

/**
 * Chooses where keys are stored: in files of the data folder with an embedded database, else in the database, so that
 * every process accepts what another has signed.
 */
export function createSecretKeeper(database: Database): KeepSecret {
  if (database.embedded) return persistedSecret;
  return (file, create) => sharedSecret(database, path.basename(file, '.json'), create);
}

/** Returns the key for signed links. It is stored, so links outlive a restart. */
export async function keepLinkKey(keepSecret: KeepSecret, dataDir: string): Promise<Uint8Array> {
  const file = path.join(dataDir, 'keys', 'link-signing.json');
  const { key } = await keepSecret(file, () => ({
    key: Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url'),
  }));
  return new Uint8Array(Buffer.from(key, 'base64url'));
}
