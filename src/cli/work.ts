import { Command } from 'commander';
import { collectGarbageRarely } from '../runtime/collect-garbage-rarely.ts';
import { packagePath } from '../runtime/package-path.ts';
import { sayOnTerminal } from './progress.ts';
import { readConfig } from './read-config.ts';
import { runUntilSignal } from './run-until-signal.ts';
import { addSettingFlags, MORE_SETTINGS, readSettingFlags, WORKER_FLAGS } from './setting-flags.ts';

/** Adds `kontur work`: runs the jobs of `kontur serve` processes on the same database. */
export function workCommand(): Command {
  const command = new Command('work').description(
    'Runs jobs beside other processes on one PostgreSQL database, and answers /healthz and /readyz alone.',
  );
  return addSettingFlags(command, WORKER_FLAGS)
    .addHelpText(
      'after',
      `\nNeeds KONTUR_DATABASE_URL and KONTUR_BLOBS, the folder or bucket that all processes share. ${packagePath('docs/scale.md')} has an example.${MORE_SETTINGS}`,
    )
    .action(async (options) => {
      const config = await readConfig('work', readSettingFlags(options, WORKER_FLAGS));
      collectGarbageRarely();
      const { startWorker } = await import('../start/start-worker.ts');
      sayOnTerminal('Starting: opening the database and loading the model…');
      const worker = await startWorker(config);
      process.stdout.write(
        `Kontur works on ${config.jobsConcurrency} jobs at a time (health: ${worker.url}/readyz; stop with Ctrl-C)\n`,
      );
      process.exitCode = await runUntilSignal(worker);
    });
}
