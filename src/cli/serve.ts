import { Command } from 'commander';
import { knowsOwnRequests } from '../auth/is-own-request.ts';
import type { Config } from '../config/load-config.ts';
import { collectGarbageRarely } from '../runtime/collect-garbage-rarely.ts';
import type { Server } from '../start/start-server.ts';
import { readConfig } from './read-config.ts';
import { runUntilSignal } from './run-until-signal.ts';
import { addSettingFlags, MORE_SETTINGS, readSettingFlags, SERVER_FLAGS } from './setting-flags.ts';
import { preparing, ready, type WayIn, welcome, welcomeGateway, welcomeMembers } from './welcome.ts';

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
      const began = performance.now();
      const server = await startServer(config, (url) => process.stdout.write(preparing(url, config)));
      const seconds = (performance.now() - began) / 1000;
      process.stdout.write(ready(seconds, wayIn(server)) + greeting(server.url, config));
      process.exitCode = await runUntilSignal(server);
    });
}

/** How people sign in on the studio. */
function wayIn({ entryUrl }: Server): WayIn {
  if (entryUrl === undefined) return 'account';
  return knowsOwnRequests() ? 'click' : { entryUrl };
}

function greeting(url: string, { upstream, auth, dataDir, projects }: Config): string {
  if (upstream !== undefined) return welcomeGateway(url, upstream);
  return auth === 'development' ? welcome(url, dataDir) : welcomeMembers(url, Object.keys(projects));
}
