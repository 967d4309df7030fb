import { Command } from 'commander';
import { loadConfig } from '../config/load-config.ts';

/** `kontur config print|check`. */
export function configCommand(): Command {
  const command = new Command('config').description('Shows or checks the configuration, without starting anything.');
  command
    .command('print')
    .description('Prints the configuration in force as JSON.')
    .action(() => {
      process.stdout.write(`${JSON.stringify(loadConfig(process.env), withoutHashes, 2)}\n`);
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
const withoutHashes = (key: string, value: unknown) => (/Hash$/.test(key) ? '(not shown)' : value);
