import path from 'node:path';
import { Command } from 'commander';
import { readConfig } from './read-config.ts';
import { addSettingFlags, DATA_FLAGS, readSettingFlags } from './setting-flags.ts';

/** Adds `kontur restore`: restores a backup made by `kontur backup`. */
export function restoreCommand(): Command {
  const command = new Command('restore')
    .description('Puts a backup into an empty data folder.')
    .argument('<folder>', 'a folder that `kontur backup` wrote');
  return addSettingFlags(command, DATA_FLAGS).action(async (folder: string, options) => {
    const config = await readConfig('command', readSettingFlags(options, DATA_FLAGS));
    const { restoreData } = await import('../database/back-up-data.ts');
    await restoreData(config, path.resolve(folder));
    process.stdout.write(`The backup is restored to ${config.dataDir}. Start the server with: kontur serve\n`);
  });
}
