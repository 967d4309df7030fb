import type { Command } from 'commander';
import { describeFlag, type SettingName } from '../config/setting-flags.ts';
import { packagePath } from '../runtime/package-path.ts';

/** Settings that `kontur serve` has options for: those that people change from one start to the next. */
export const SERVER_FLAGS = [
  ...(['host', 'port', 'publicUrl', 'dataDir', 'cacheDir', 'blobs', 'auth', 'upstream', 'corsOrigins'] as const),
  ...(['model', 'modelsDir', 'offline', 'engineThreads', 'jobsConcurrency', 'logLevel', 'logFormat'] as const),
] satisfies SettingName[];

/** Settings that `kontur work`, which serves no clients, has options for. */
export const WORKER_FLAGS = SERVER_FLAGS.filter(
  (name) => !['publicUrl', 'auth', 'upstream', 'corsOrigins'].includes(name),
);

/** Settings that commands on the data of a server have options for. */
export const DATA_FLAGS = ['dataDir', 'blobs', 'logLevel'] as const satisfies SettingName[];

/** Settings that commands on model files have options for. */
export const MODEL_FLAGS = ['model', 'modelsDir', 'offline'] as const satisfies SettingName[];

/** Settings that `kontur segment` has options for. */
export const SEGMENT_FLAGS = ['model', 'modelsDir', 'cacheDir', 'engineThreads'] as const satisfies SettingName[];

/** Last lines of the help of commands with such options. */
export const MORE_SETTINGS = `
These options win over the environment variables named beside them, and those over kontur.config.json in the working folder.
All settings, secrets among them: ${packagePath('docs/configuration.md')}`;

/** Adds an option for each of these settings to a command. */
export function addSettingFlags(command: Command, names: readonly SettingName[]): Command {
  for (const name of names) {
    const { flag, description } = describeFlag(name);
    command.option(flag, description);
  }
  return command;
}

/** Selects the given options of a command that are settings, as text. */
export function readSettingFlags(
  options: Record<string, unknown>,
  names: readonly SettingName[],
): Partial<Record<SettingName, string>> {
  const given = names.filter((name) => options[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, String(options[name])]));
}
