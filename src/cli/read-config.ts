import type { Config } from '../config/load-config.ts';
import type { Role } from '../config/scale-mixes.ts';

/**
 * Reads the configuration of this process. The code for that is loaded here, so that help is quick.
 *
 * @throws ConfigError as `loadConfig` does
 */
export async function readConfig(role?: Role): Promise<Config> {
  const { loadConfig } = await import('../config/load-config.ts');
  return loadConfig(process.env, role);
}
