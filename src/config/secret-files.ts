import { readFileSync } from 'node:fs';
import { refuseSharedFile } from './refuse-shared-file.ts';
import type { Setting } from './setting.ts';
import { SETTINGS } from './settings.ts';

const secrets = () => Object.values<Setting>(SETTINGS).flatMap(({ variable, secret }) => (secret ? [variable] : []));
const fileVariable = (variable: string) => `${variable}_FILE`;

/** Names of settings that name a file with a secret in it, as container platforms mount them. */
export function secretFileVariables(): string[] {
  return secrets().map(fileVariable);
}

/** Reads the secrets whose files a source names. Problems never quote the content of a file. */
export function readSecretFiles(source: Record<string, unknown>, problems: string[]): void {
  for (const variable of secrets()) {
    const named = source[fileVariable(variable)];
    if (named === undefined || named === '') continue;
    if (source[variable] !== undefined && source[variable] !== '') {
      problems.push(`${variable} and ${fileVariable(variable)} are both set; keep one of them.`);
      continue;
    }
    try {
      refuseSharedFile(String(named), problems);
      source[variable] = readFileSync(String(named), 'utf8').trim();
      if (source[variable] === '') problems.push(`${fileVariable(variable)} names ${named}, which is empty.`);
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code;
      problems.push(`${fileVariable(variable)} names ${named}, which cannot be read (${reason}).`);
    }
  }
}
