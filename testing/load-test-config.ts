import { fileURLToPath } from 'node:url';
import { type Config, loadConfig } from '../src/config/load-config.ts';
import type { Role } from '../src/config/scale-mixes.ts';

/** A configuration file that sets nothing. */
const KONTUR_CONFIG = fileURLToPath(new URL('./empty.config.json', import.meta.url));

/** The configuration that these settings alone make, whatever `kontur.config.json` the working folder has. */
export function loadTestConfig(environment: Record<string, string | undefined>, role?: Role): Config {
  return loadConfig({ KONTUR_CONFIG, ...environment }, role);
}
