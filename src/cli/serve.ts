import { Command } from 'commander';
import type { Config } from '../config/load-config.ts';
import { collectGarbageRarely } from '../runtime/collect-garbage-rarely.ts';
import { sayOnTerminal } from './progress.ts';
import { readConfig } from './read-config.ts';
import { runUntilSignal } from './run-until-signal.ts';
import { addSettingFlags, MORE_SETTINGS, readSettingFlags, SERVER_FLAGS } from './setting-flags.ts';
import { welcome, welcomeGateway, welcomeMembers } from './welcome.ts';

/**
 * Adds `kontur serve`: runs the server with everything embedded. Prints its address and an example on stdout; logs go
 * to stderr. The server's code is loaded only here, so that the other commands start quickly.
 */
export function serveCommand(): Command {
  const command = new Command('serve').description('Runs the server, and prints its address and what to try.');
  return addSettingFlags(command, SERVER_FLAGS)
    .addHelpText('after', MORE_SETTINGS)
    .action(async (options) => {
      const config = await readConfig('serve', readSettingFlags(options, SERVER_FLAGS));
      collectGarbageRarely();
      const { startServer } = await import('../start/start-server.ts');
      sayOnTerminal('Starting: opening the database and loading the model…');
      const server = await startServer(config);
      process.stdout.write(greeting(server.url, config));
      process.exitCode = await runUntilSignal(server);
    });
}

function greeting(url: string, { upstream, auth, dataDir, projects }: Config): string {
  if (upstream !== undefined) return welcomeGateway(url, upstream);
  return auth === 'development' ? welcome(url, dataDir) : welcomeMembers(url, Object.keys(projects));
}
