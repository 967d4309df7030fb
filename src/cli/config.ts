import { Command } from 'commander';
import type { Setting } from '../config/settings.ts';
import { readConfig } from './read-config.ts';

/**
 * Adds `kontur config print
 * check`.
 */
export function configCommand(): Command {
  const command = new Command('config').description('Shows or checks the configuration, without starting anything.');
  command
    .command('print')
    .description('Prints the configuration in force as JSON.')
    .action(async () => {
      const config = await readConfig();
      const { SETTINGS } = await import('../config/settings.ts');
      process.stdout.write(`${JSON.stringify(config, withoutSecrets(SETTINGS), 2)}\n`);
    });
  command
    .command('check')
    .description('Exits 0 if the server could start with this configuration, else 2 with every problem.')
    .action(async () => {
      await readConfig();
      process.stdout.write('The configuration is fine.\n');
    });
  return command;
}

/** The output may be pasted into tickets and chats, where hashes could be attacked. */
const withoutSecrets = (settings: Record<string, Setting>) => (key: string, value: unknown) =>
  /Hash$/.test(key) || settings[key]?.secret === true ? '(not shown)' : value;
