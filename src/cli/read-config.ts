import type { Config } from '../config/load-config.ts';
import type { Role } from '../config/scale-mixes.ts';

/** The configuration of this process (load-config.ts), whose code is loaded only here, so that help comes at once. Throws ConfigError. */
export async function readConfig(role?: Role): Promise<Config> {
  const { loadConfig } = await import('../config/load-config.ts');
  return loadConfig(process.env, role);
}
