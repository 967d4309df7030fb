import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createEmbeddedIssuer, type EmbeddedIssuer } from '../../src/auth/create-embedded-issuer.ts';
import { hashSecret } from '../../src/auth/secret-hash.ts';
import { createBrowser, startSignIn } from './sign-in.ts';

let server: http.Server;
let issuer: EmbeddedIssuer;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kontur-issuer-'));
  server = http.createServer((request, response) => issuer.requestListener(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const secretHash = await hashSecret('right');
  const clients = [{ id: 'robot', secretHash }];
  const users = ['anna', 'berta'].map((name) => ({ name, passwordHash: secretHash }));
  issuer = await createEmbeddedIssuer({
    ...{ publicUrl, clients, users },
    keyFile: path.join(folder, 'issuer.json'),
    redirectUris: [],
  });
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

/** Most tries of a concurrent burst that are checked: waits of 1, 2 and 4 s may pass on a busy machine. */
const MOST = 8;

/** Asks for a token from an address of this machine. */
function askForToken(id: string, secret: string, localAddress = '127.0.0.1') {
  return new Promise<{ status: number; retryAfter?: string }>((resolve, reject) => {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: id,
      client_secret: secret,
    }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const request = http.request(
      issuer.tokenUrl,
      { method: 'POST', localAddress, headers, agent: false },
      (response) => {
        response.resume();
        resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] });
      },
    );
    request.on('error', reject).end(body);
  });
}

it('of 80 passwords at once for one user, the right one the 71st, only the first few are checked', async () => {
  const signIn = { issuer: issuer.issuerUrl, clientId: 'kontur-cli', redirectUri: 'http://127.0.0.1:50123/callback' };
  const browser = createBrowser();
  const { location: page } = await startSignIn(browser, signIn);
  const passwords = Array.from({ length: 80 }, (_, i) => (i === 70 ? 'right' : `wrong ${i}`));
  const answers = await Promise.all(passwords.map((password) => browser.visit(page, { name: 'anna', password })));
  // Five, and one more for each wait that ends while the others are still under way.
  expect(answers.filter(({ status }) => status !== 429).length).toBeLessThanOrEqual(MOST);
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThanOrEqual(80 - MOST);
  for (const { headers } of refused) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
});

it('of 60 client secrets at once only the first few are checked; the rest learn when to retry', async () => {
  const secrets = Array.from({ length: 60 }, (_, i) => (i === 50 ? 'right' : `wrong ${i}`));
  const answers = await Promise.all(secrets.map((secret) => askForToken('robot', secret)));
  expect(answers.filter(({ status }) => status !== 429).length).toBeLessThanOrEqual(MOST);
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThanOrEqual(60 - MOST);
  for (const { retryAfter } of refused) expect(Number(retryAfter)).toBeGreaterThan(0);
  expect((await askForToken('robot', 'right', '127.0.0.2')).status).toBe(200);
});

it('clients that there are not are limited too, and do not keep another address from its token', async () => {
  const made = Promise.all(Array.from({ length: 60 }, (_, i) => askForToken(`nobody ${i}`, 'guess')));
  expect((await askForToken('robot', 'right', '127.0.0.2')).status).toBe(200);
  const statuses = (await made).map(({ status }) => status);
  expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(30);
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(30);
});
