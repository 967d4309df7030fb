import type { Config } from '../config/load-config.ts';
import type { Role } from '../config/scale-mixes.ts';
import type { SettingName } from '../config/setting-flags.ts';

/**
 * Reads the configuration of this process. The code for that is loaded here, so that help is quick.
 *
 * @param flags settings that the command line names
 * @throws ConfigError as `loadConfig` does
 */
export async function readConfig(role?: Role, flags?: Partial<Record<SettingName, string>>): Promise<Config> {
  const { loadConfig } = await import('../config/load-config.ts');
  return loadConfig(process.env, role, flags);
}
