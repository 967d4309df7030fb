import { Command } from 'commander';
import { loadConfig } from '../config/load-config.ts';
import { SETTINGS, type Setting } from '../config/settings.ts';

/** `kontur config print|check`. */
export function configCommand(): Command {
  const command = new Command('config').description('Shows or checks the configuration, without starting anything.');
  command
    .command('print')
    .description('Prints the configuration in force as JSON.')
    .action(() => {
      process.stdout.write(`${JSON.stringify(loadConfig(process.env), withoutSecrets, 2)}\n`);
    });
  command
    .command('check')
    .description('Exits 0 if the server could start with this configuration, else 2 with every problem.')
    .action(() => {
      loadConfig(process.env);
      process.stdout.write('The configuration is fine.\n');
    });
  return command;
}

/** The output ends up in tickets and chats, where hashes could be guessed at. */
const withoutSecrets = (key: string, value: unknown) => (/Hash$/.test(key) || isSecret(key) ? '(not shown)' : value);
const isSecret = (key: string) => (SETTINGS as Record<string, Setting>)[key]?.secret === true;
