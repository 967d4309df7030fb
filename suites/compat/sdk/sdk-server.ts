import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CogniteClient } from '@cognite/sdk';
import { createFolders, startServerProcess } from '../../../testing/server-process.ts';

/** A `kontur serve` process as users of the SDK see it. */
export interface SdkServer {
  url: string;
  /** A token by client credentials, as an application asks its identity provider for one. */
  requestToken(): Promise<string>;
  /** A client that gets its tokens by client credentials, or as given. */
  createClient(getToken?: () => Promise<string>): CogniteClient;
  /** How often an operation was answered with this status so far; the route as the log names it. */
  countAnswers(route: string, status: number): number;
  close(): Promise<void>;
}

export const PROJECT = 'demo';

/** Lets one job wait, so that a second one meets an overloaded server. The log tells how requests were answered. */
const ENVIRONMENT = { KONTUR_MAX_QUEUED_PER_PROJECT: '1', KONTUR_LOG_LEVEL: 'info' };

export async function startSdkServer(): Promise<SdkServer> {
  const folders = createFolders();
  const server = await startServerProcess(folders, ENVIRONMENT);
  const file = path.join(folders.data, 'development-client.json');
  const { clientId, clientSecret } = JSON.parse(readFileSync(file, 'utf8'));

  async function requestToken(): Promise<string> {
    const response = await fetch(`${server.url}/oidc/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
      }),
    });
    return ((await response.json()) as { access_token: string }).access_token;
  }

  return {
    url: server.url,
    requestToken,
    createClient: (getToken = requestToken) =>
      new CogniteClient({ appId: 'compat', project: PROJECT, baseUrl: server.url, oidcTokenProvider: getToken }),
    countAnswers: (route, status) =>
      server
        .output()
        .stderr.split('\n')
        .filter((line) => line.startsWith('{') && line.endsWith('}'))
        .map((line) => JSON.parse(line))
        .filter((entry) => entry.status === status && entry.route.endsWith(route)).length,
    async close() {
      await server.end('SIGTERM');
      folders.remove();
    },
  };
}
