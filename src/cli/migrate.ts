import { Command } from 'commander';
import { readConfig } from './read-config.ts';
import { addSettingFlags, DATA_FLAGS, readSettingFlags } from './setting-flags.ts';

/**
 * Adds `kontur migrate`: migrates the database without serving, for instance before the first of many processes starts.
 */
export function migrateCommand(): Command {
  const command = new Command('migrate').description(
    'Brings the tables of the database up to date. Servers do the same when they start.',
  );
  return addSettingFlags(command, DATA_FLAGS).action(async (options) => {
    const config = await readConfig('command', readSettingFlags(options, DATA_FLAGS));
    const { migrateDatabase } = await import('../start/migrate-database.ts');
    const applied = await migrateDatabase(config);
    process.stdout.write(applied.length === 0 ? 'The database is up to date.\n' : `Applied ${applied.join(', ')}.\n`);
  });
}
