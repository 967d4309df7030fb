import { Command } from 'commander';
import type { Setting } from '../config/setting.ts';
import { readConfig } from './read-config.ts';
import { addSettingFlags, readSettingFlags, SERVER_FLAGS } from './setting-flags.ts';

/** Adds `kontur config print|check`. */
export function configCommand(): Command {
  const command = new Command('config').description('Shows or checks the configuration, without starting anything.');
  command
    .command('print')
    .description('Prints the configuration in force as JSON.')
    .action(async (options) => {
      const config = await readConfig('serve', readSettingFlags(options, SERVER_FLAGS));
      const { SETTINGS } = await import('../config/settings.ts');
      process.stdout.write(`${JSON.stringify(config, withoutSecrets(SETTINGS), 2)}\n`);
    });
  command
    .command('check')
    .description('Exits 0 if the server could start with this configuration, else 2 with every problem.')
    .action(async (options) => {
      await readConfig('serve', readSettingFlags(options, SERVER_FLAGS));
      process.stdout.write('The configuration is fine.\n');
    });
  for (const nested of command.commands) addSettingFlags(nested, SERVER_FLAGS);
  return command;
}

/** The output may be pasted into tickets and chats, where hashes could be attacked. */
const withoutSecrets = (settings: Record<string, Setting>) => (key: string, value: unknown) =>
  value !== undefined && (/Hash$/.test(key) || settings[key]?.secret === true) ? '(not shown)' : value;
