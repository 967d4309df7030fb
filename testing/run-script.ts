import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const scripts = new URL('../scripts/', import.meta.url);

/**
 * Runs one of `scripts/`, with its output shown.
 *
 * @throws Error if it fails
 */
export function runScript(name: string): void {
  execFileSync(process.execPath, [fileURLToPath(new URL(name, scripts))], { stdio: 'inherit' });
}
