import { Command } from 'commander';
import type { Config } from '../config/load-config.ts';
import { collectGarbageRarely } from '../runtime/collect-garbage-rarely.ts';
import { showProgress } from './progress.ts';
import { readConfig } from './read-config.ts';
import { runUntilSignal } from './run-until-signal.ts';
import { welcome, welcomeGateway, welcomeMembers } from './welcome.ts';

/**
 * Adds `kontur serve`: runs the server with everything embedded. Prints its address and an example on stdout; logs go
 * to stderr. The server's code is loaded only here, so that the other commands start quickly.
 */
export function serveCommand(): Command {
  return new Command('serve')
    .description('Runs the server. Data goes to ./data unless KONTUR_DATA_DIR says otherwise.')
    .action(async () => {
      const config = await readConfig();
      collectGarbageRarely();
      const { startServer } = await import('../start/start-server.ts');
      const progress = showProgress('Starting: opening the database and loading the model…');
      const server = await startServer(config).finally(() => progress.done());
      process.stdout.write(greeting(server.url, config));
      process.exitCode = await runUntilSignal(server);
    });
}

function greeting(url: string, { upstream, auth, dataDir, projects }: Config): string {
  if (upstream !== undefined) return welcomeGateway(url, upstream);
  return auth === 'development' ? welcome(url, dataDir) : welcomeMembers(url, Object.keys(projects));
}
