import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { readConfig } from './read-config.ts';
import { UsageError } from './usage-error.ts';

interface TokenOptions {
  url?: string;
  dataDir?: string;
}

/**
 * Adds `kontur token`: requests an access token from the embedded issuer of a running server, by client credentials.
 */
export function tokenCommand(): Command {
  return new Command('token')
    .description('Prints an access token for the running development server, and nothing else.')
    .option('--url <base>', 'address of the server (default: what the server in the data folder says)')
    .option('--data-dir <dir>', 'data folder of the server (default: as kontur serve chooses it here)')
    .addHelpText('after', '\nExample:\n  curl -H "authorization: Bearer $(kontur token)" …')
    .action(async (options: TokenOptions) => {
      const dataDir = path.resolve(options.dataDir ?? (await readConfig()).dataDir);
      const url = options.url ?? (await readJson<{ url: string }>(path.join(dataDir, 'server.json'), dataDir)).url;
      process.stdout.write(`${await requestToken(url, dataDir)}\n`);
    });
}

async function requestToken(url: string, dataDir: string): Promise<string> {
  const file = path.join(dataDir, 'development-client.json');
  const client = await readJson<{ clientId: string; clientSecret: string }>(file, dataDir);
  const response = await fetch(new URL('/oidc/token', url), {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
    signal: AbortSignal.timeout(10_000),
  }).catch((error: Error) => {
    throw new Error(
      `No server answers at ${url} (${(error.cause as Error | undefined)?.message ?? error.message}). Start it with: kontur serve`,
    );
  });
  if (!response.ok) {
    throw new Error(
      `The server at ${url} refused the client of the data folder ${dataDir} (HTTP ${response.status}). Is it another server's folder? Name the right one with --data-dir.`,
    );
  }
  return ((await response.json()) as { access_token: string }).access_token;
}

async function readJson<T>(file: string, dataDir: string): Promise<T> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT')
      throw new Error(`${file} cannot be read (${error.code}). Whose is it?`, { cause: error });
    throw new UsageError(
      `No running development server has its data in ${dataDir} (${path.basename(file)} is not there). Start one with kontur serve, or name its folder with --data-dir.`,
    );
  });
  return JSON.parse(text) as T;
}
