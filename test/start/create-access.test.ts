import { mkdtemp, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuthenticator } from '../../src/auth/create-authenticator.ts';
import { createAccess } from '../../src/start/create-access.ts';
import { createSecretKeeper, keepLinkKey } from '../../src/start/secret-keeper.ts';
import { freePort } from '../support/free-port.ts';
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../support/test-database.ts';

describe.each(DATABASE_KINDS)('two servers on one %s', (kind) => {
  let place: TestDatabase;
  let publicUrl: string;
  const folders: string[] = [];
  const listening: http.Server[] = [];
  beforeAll(async () => {
    place = await openTestDatabase(kind);
    publicUrl = `http://127.0.0.1:${await freePort()}`;
  });
  afterAll(async () => {
    for (const server of listening) server.close();
    await place.remove();
    for (const folder of folders) await rm(folder, { recursive: true });
  });

  /** What a server has of access; with an embedded database, the second is the first after a restart. */
  async function startAccess() {
    const { embedded } = place.database;
    const dataDir = embedded && folders[0] ? folders[0] : await mkdtemp(path.join(tmpdir(), 'kontur-access-'));
    if (!folders.includes(dataDir)) folders.push(dataDir);
    const keepSecret = createSecretKeeper(place.database);
    const settings = { auth: 'development' as const, dataDir, projects: {}, clients: [], users: [], redirectUris: [] };
    const { issuer, trusts } = await createAccess(settings, { publicUrl, keepSecret });
    const server = http.createServer(issuer!.requestListener).listen(0, '127.0.0.1');
    listening.push(server);
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    return { dataDir, url: `http://127.0.0.1:${port}`, trusts, linkKey: await keepLinkKey(keepSecret, dataDir) };
  }

  test('know the same clients, accept the tokens of each other, and sign links with one key', async () => {
    const [first, second] = [await startAccess(), await startAccess()];
    const credentials = await readFile(path.join(first.dataDir, 'development-client.json'), 'utf8');
    const { clientId, clientSecret } = JSON.parse(credentials);
    const answer = await fetch(`${second.url}/oidc/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }),
    });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    const authenticate = createAuthenticator(first.trusts);
    expect(await authenticate(`Bearer ${token}`, 'demo')).toMatchObject({ subject: clientId, project: 'demo' });
    await expect(authenticate(`Bearer ${token}`, 'other')).rejects.toMatchObject({ code: 'unauthorized' });
    expect(second.linkKey).toEqual(first.linkKey);
  });
});
