import path from 'node:path';
import { Command } from 'commander';
import { readConfig } from './read-config.ts';

/** Adds `kontur backup`: backs up the data of an embedded server that is not running. */
export function backupCommand(): Command {
  return new Command('backup')
    .description('Copies database, contents and keys of the data folder into a new folder. Stop the server first.')
    .argument('<folder>', 'where to write the backup; must not be there, or be empty')
    .action(async (folder: string) => {
      const { backUpData } = await import('../database/back-up-data.ts');
      await backUpData(await readConfig(), path.resolve(folder));
      process.stdout.write(`The backup is in ${folder}. It holds keys: keep it as safe as the data folder.\n`);
    });
}
