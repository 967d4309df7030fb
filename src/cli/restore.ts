import path from 'node:path';
import { Command } from 'commander';
import { readConfig } from './read-config.ts';

/** Adds `kontur restore`: restores a backup made by `kontur backup`. */
export function restoreCommand(): Command {
  return new Command('restore')
    .description('Puts a backup into an empty data folder.')
    .argument('<folder>', 'a folder that `kontur backup` wrote')
    .action(async (folder: string) => {
      const config = await readConfig();
      const { restoreData } = await import('../database/back-up-data.ts');
      await restoreData(config, path.resolve(folder));
      process.stdout.write(`The backup is restored to ${config.dataDir}. Start the server with: npm start\n`);
    });
}
