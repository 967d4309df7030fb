import { Command } from 'commander';
import { collectGarbageRarely } from '../runtime/collect-garbage-rarely.ts';
import { showProgress } from './progress.ts';
import { readConfig } from './read-config.ts';
import { runUntilSignal } from './run-until-signal.ts';

/** Adds `kontur work`: runs the jobs of `kontur serve` processes on the same database. */
export function workCommand(): Command {
  return new Command('work')
    .description('Runs jobs beside other processes on one PostgreSQL database, and answers /healthz and /readyz alone.')
    .addHelpText(
      'after',
      '\nNeeds KONTUR_DATABASE_URL and KONTUR_BLOBS, the folder or bucket that all processes share. docs/scale.md has an example.',
    )
    .action(async () => {
      const config = await readConfig('work');
      collectGarbageRarely();
      const { startWorker } = await import('../start/start-worker.ts');
      const progress = showProgress('Starting: opening the database and loading the model…');
      const worker = await startWorker(config).finally(() => progress.done());
      process.stdout.write(
        `Kontur works on ${config.jobsConcurrency} jobs at a time (health: ${worker.url}/readyz; stop with Ctrl-C)\n`,
      );
      process.exitCode = await runUntilSignal(worker);
    });
}
