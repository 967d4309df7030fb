import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthenticator } from '../../src/auth/create-authenticator.ts';
import { hashSecret } from '../../src/auth/secret-hash.ts';
import { createSecretKeeper, keepLinkKey } from '../../src/auth/secret-keeper.ts';
import { createIssuerRecordSweeper } from '../../src/auth/sweep-issuer-records.ts';
import { createAccess } from '../../src/start/create-access.ts';
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { recordingLogger } from '../../testing/test-jobs.ts';
import {
  createBrowser,
  developmentSecret,
  redeemCode,
  type SignIn,
  startSignIn,
  submitLogin,
} from '../auth/sign-in.ts';

const HOUR_MS = 3_600_000;

describe.each(DATABASE_KINDS)('two servers on one %s', (kind) => {
  let place: TestDatabase;
  let publicUrl: string;
  let balancer: http.Server;
  /** Every request goes to the next of them. */
  let servers: Access[];
  const folders: string[] = [];
  beforeAll(async () => {
    place = await openTestDatabase(kind);
    let requests = 0;
    balancer = http
      .createServer((...exchange) => servers[requests++ % servers.length]!.issuer!.requestListener(...exchange))
      .listen(0, '127.0.0.1');
    await once(balancer, 'listening');
    publicUrl = `http://127.0.0.1:${(balancer.address() as AddressInfo).port}`;
    servers = [await startAccess(), await startAccess()];
  });
  afterAll(async () => {
    balancer.close();
    await place.remove();
    for (const folder of folders) await rm(folder, { recursive: true });
  });

  type Settings = Parameters<typeof createAccess>[0];
  type Access = Awaited<ReturnType<typeof startAccess>>;

  /** What a server has of access; with an embedded database, the second is the first after a restart. */
  async function startAccess(settings: Partial<Settings> = {}) {
    const { database } = place;
    const dataDir = database.embedded && folders[0] ? folders[0] : await mkdtemp(path.join(tmpdir(), 'kontur-access-'));
    if (!folders.includes(dataDir)) folders.push(dataDir);
    const keepSecret = createSecretKeeper(database);
    const none = { projects: {}, clients: [], users: [], redirectUris: [] };
    const access = await createAccess(
      { auth: 'development', dataDir, ...none, ...settings },
      { publicUrl, keepSecret, database, logger: recordingLogger() },
    );
    return { ...access, dataDir, linkKey: await keepLinkKey(keepSecret, dataDir) };
  }

  const signIn = (): SignIn => ({
    issuer: `${publicUrl}/oidc`,
    clientId: 'kontur-studio',
    redirectUri: `${publicUrl}/studio/`,
  });
  /** What `developer` signs in with: only those who may read the data folder knows it. */
  const secret = () => ({ password: developmentSecret(servers[0]!.dataDir) });
  const records = () => place.database.kysely.selectFrom('issuer_records').selectAll().execute();
  const sweepAfter = (ms: number) => {
    const now = () => Date.now() + ms;
    return createIssuerRecordSweeper({ database: place.database, logger: recordingLogger(), now }).sweep();
  };

  it('know the same clients, accept the tokens of each other, and sign links with one key', async () => {
    const [first, second] = servers as [Access, Access];
    const credentials = await readFile(path.join(first.dataDir, 'development-client.json'), 'utf8');
    const { clientId, clientSecret } = JSON.parse(credentials);
    const answer = await fetch(`${publicUrl}/oidc/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }),
    });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    for (const { trusts } of servers) {
      const authenticate = createAuthenticator(trusts);
      expect(await authenticate(`Bearer ${token}`, 'demo')).toMatchObject({ subject: clientId, project: 'demo' });
      await expect(authenticate(`Bearer ${token}`, 'other')).rejects.toMatchObject({ code: 'unauthorized' });
    }
    expect(second.linkKey).toEqual(first.linkKey);
    // Such a token is signed, and nothing is remembered of it.
    expect(await records()).toEqual([]);
  });

  it('share sign-ins and sessions, which outlive a restart', async () => {
    const browser = createBrowser();
    const first = await startSignIn(browser, { ...signIn(), more: { state: 'nul \0' } });
    expect(first.location).toContain('/oidc/interaction/');
    const { location } = await submitLogin(browser, first.location, secret());
    const redeem = () => redeemCode(location, { ...signIn(), verifier: first.verifier });
    // On two servers at once.
    const answers = await Promise.all([redeem(), redeem()]);
    const [token, refusal] = answers.sort((one, other) => one.status - other.status);
    expect([token!.status, refusal!.body.error]).toEqual([200, 'invalid_grant']);
    const authenticate = createAuthenticator(servers[0]!.trusts);
    expect((await authenticate(`Bearer ${token!.body.access_token}`, 'demo')).subject).toBe('developer');

    servers = [await startAccess(), await startAccess()];
    expect((await redeem()).body.error).toBe('invalid_grant');
    const again = await startSignIn(browser, signIn());
    expect(again.location).toContain('code=');
    expect((await redeemCode(again.location, { ...signIn(), verifier: again.verifier })).status).toBe(200);
  });

  it('keep nothing that opens a session or is a code', async () => {
    const browser = createBrowser();
    const { location: page } = await startSignIn(browser, signIn());
    const { location } = await submitLogin(browser, page, secret());
    // One more sign-in, from within the session, is under way.
    await startSignIn(browser, { ...signIn(), more: { prompt: 'login' } });
    const kept = JSON.stringify(await records());
    expect(kept).toContain('"kind":"Interaction"');
    expect(kept).toContain('"accountId');
    expect(kept).not.toContain(browser.jar.get('_session')!.value);
    expect(kept).not.toContain(new URL(location).searchParams.get('code'));
  });

  it('forget what has expired, and nothing else', async () => {
    const browser = createBrowser();
    const { location: page } = await startSignIn(browser, signIn());
    await submitLogin(browser, page, secret());
    expect(await sweepAfter(0)).toBe(0);
    expect(await sweepAfter(HOUR_MS)).toBeGreaterThan(0);
    expect(new Set((await records()).map((record) => record.kind))).toEqual(
      new Set(['Session', 'Grant', 'RefreshToken']),
    );
    expect((await startSignIn(browser, signIn())).location).toContain('code=');
    await sweepAfter(9 * HOUR_MS);
    expect(await records()).toEqual([]);
    expect((await startSignIn(browser, signIn())).location).toContain('/oidc/interaction/');
  });

  it('let nobody fill the database by opening the login page', async () => {
    await sql`
      insert into issuer_records (kind, id_hash, payload, expires_time)
      select 'Interaction', number, '{}', ${Date.now() + HOUR_MS}::bigint + number
      from generate_series(1, 10050) as number`.execute(place.database.kysely);
    await sweepAfter(0);
    const left = (await records()).filter((record) => record.payload === '{}').map((record) => Number(record.id_hash));
    expect([left.length, Math.min(...left)]).toEqual([10_000, 51]);
    await sweepAfter(9 * HOUR_MS);
  });

  it('end every session when the users change', async () => {
    const builtin = async (password: string) => {
      const users = [{ name: 'anna', passwordHash: await hashSecret(password), groups: {} }];
      return startAccess({ auth: 'builtin', users });
    };
    servers = [await builtin('leaked')];
    const browser = createBrowser();
    const { location: page } = await startSignIn(browser, signIn());
    await submitLogin(browser, page, { name: 'anna', password: 'leaked' });
    expect((await startSignIn(browser, signIn())).location).toContain('code=');
    servers = [await builtin('new')];
    expect((await startSignIn(browser, signIn())).location).toContain('/oidc/interaction/');
  });
});
