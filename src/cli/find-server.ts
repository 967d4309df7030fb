import type { Command } from 'commander';
import type { ServerAddress } from '../transfer/server-client.ts';
import { findDataDir, findUrl, requestToken } from './development-server.ts';
import { UsageError } from './usage-error.ts';

/** Options of commands that talk to a server. */
export interface ServerOptions {
  url?: string;
  project?: string;
  dataDir?: string;
}

/** Last lines of the help of such commands. */
export const SERVER_HELP = `
The token is read from KONTUR_TOKEN, since other users of a machine see the arguments of commands. Without --url and
KONTUR_TOKEN, the development server of the data folder is asked with a token of its own.`;

/** Adds the options that say which server and which project of it. */
export function addServerOptions(command: Command): Command {
  return command
    .option('--url <base>', 'address of the server (default: what the server in the data folder says)')
    .option('--project <name>', 'project of the server (default: the one that the token is good for)')
    .option('--data-dir <dir>', 'data folder of the server (default: as kontur serve chooses it here)');
}

/**
 * Finds the server that the options mean, with a token for it and the project.
 *
 * @throws UsageError where one of them is missing
 */
export async function findServer({ url, project, dataDir }: ServerOptions): Promise<ServerAddress> {
  const given = process.env.KONTUR_TOKEN;
  if (url !== undefined && !/^https?:\/\/\S+$/.test(url)) {
    throw new UsageError(`--url ${url} is no address: it begins with http:// or https://.`);
  }
  if (url !== undefined && given === undefined && dataDir === undefined) {
    throw new UsageError(
      'Put a token for this server into the environment variable KONTUR_TOKEN, or name the data folder of a development server with --data-dir.',
    );
  }
  const folder = url === undefined || given === undefined ? await findDataDir({ dataDir }) : '';
  const base = url ?? (await findUrl(folder));
  const token = given ?? (await requestToken(base, folder));
  return { url: base, token, project: project ?? (await findProject(base, token)) };
}

/** The project of a token that is good for a single one. */
async function findProject(url: string, token: string): Promise<string> {
  const response = await fetch(new URL('/api/v1/token/inspect', url), {
    headers: { authorization: `Bearer ${token}` },
    redirect: 'error',
    signal: AbortSignal.timeout(30_000),
  }).catch((cause: Error) => {
    throw new Error(`No server answers at ${url} (${(cause.cause as Error | undefined)?.message ?? cause.message}).`, {
      cause,
    });
  });
  if (!response.ok) throw new Error(`The server at ${url} does not accept the token (HTTP ${response.status}).`);
  const { projects = [] } = (await response.json()) as { projects?: { projectUrlName: string }[] };
  const [only, ...others] = projects.map(({ projectUrlName }) => projectUrlName);
  if (only !== undefined && others.length === 0) return only;
  throw new UsageError(
    `Name a project with --project: the token is good for ${[only, ...others].join(', ') || 'none'}.`,
  );
}
