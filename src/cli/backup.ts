import path from 'node:path';
import { Command } from 'commander';
import { readConfig } from './read-config.ts';
import { addSettingFlags, DATA_FLAGS, readSettingFlags } from './setting-flags.ts';

/** Adds `kontur backup`: backs up the data of an embedded server that is not running. */
export function backupCommand(): Command {
  const command = new Command('backup')
    .description('Copies database, contents and keys of the data folder into a new folder. Stop the server first.')
    .argument('<folder>', 'where to write the backup; must not be there, or be empty');
  return addSettingFlags(command, DATA_FLAGS).action(async (folder: string, options) => {
    const config = await readConfig('command', readSettingFlags(options, DATA_FLAGS));
    const { backUpData } = await import('../database/back-up-data.ts');
    await backUpData(config, path.resolve(folder));
    process.stdout.write(`The backup is in ${folder}. It holds keys: keep it as safe as the data folder.\n`);
  });
}
