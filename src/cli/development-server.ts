import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readConfig } from './read-config.ts';
import { UsageError } from './usage-error.ts';

/** The data folder that an option names, otherwise the one that `kontur serve` chooses in this folder. */
export async function findDataDir({ dataDir }: { dataDir?: string }): Promise<string> {
  return path.resolve(dataDir ?? (await readConfig()).dataDir);
}

/** Address of the server that runs in a data folder. @throws UsageError if none does */
export async function findUrl(dataDir: string): Promise<string> {
  return (await readJson<{ url: string }>(path.join(dataDir, 'server.json'), dataDir)).url;
}

/**
 * Requests an access token for the development client of a data folder.
 *
 * @throws UsageError if the folder has no such client; Error if the server does not answer, or refuses it
 */
export async function requestToken(url: string, dataDir: string): Promise<string> {
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
