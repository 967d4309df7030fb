import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SECRET, startBuiltinServer } from '../../testing/builtin-server.ts';
import { createFolders, type JobAnswer, PHOTO, type ServerProcess } from '../../testing/server-process.ts';
import { createBrowser, redeemCode, startSignIn, submitLogin } from '../auth/sign-in.ts';

const folders = createFolders();
let server: ServerProcess;
const tokens: string[] = [];

beforeAll(async () => {
  server = await startBuiltinServer(folders);
});
afterAll(async () => {
  await server.end('SIGTERM');
  folders.remove();
});

async function ask<T>(token: string, route: string, body?: object): Promise<T> {
  tokens.push(token);
  const response = await fetch(`${server.url}/api/v1${route}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'cdf-version': 'beta' },
    body: body && JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${route}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

it('a client takes a photo to its polygons, with a token by client credentials', async () => {
  const response = await fetch(`${server.url}/oidc/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`robot:${encodeURIComponent(SECRET)}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token: token } = (await response.json()) as { access_token: string };
  const files = '/projects/plant/files';
  const { id, uploadUrl } = await ask<{ id: number; uploadUrl: string }>(token, files, { name: 'a.jpg', dataSetId: 5 });
  await fetch(uploadUrl, { method: 'PUT', body: PHOTO });
  const segment = '/projects/plant/context/vision/segment';
  const request = { items: [{ fileId: id }], points: [{ x: 0.62, y: 0.645 }] };
  let job = await ask<JobAnswer>(token, segment, request);
  while (job.status === 'Queued' || job.status === 'Running') {
    await sleep(50);
    job = await ask<JobAnswer>(token, `${segment}/${job.jobId}`);
  }
  expect([job.status, job.errorMessage]).toEqual(['Completed', null]);
});

it('a user signs in through the login page', async () => {
  const signIn = { issuer: `${server.url}/oidc`, clientId: 'kontur-studio', redirectUri: `${server.url}/studio/` };
  const browser = createBrowser();
  const { location: page, verifier } = await startSignIn(browser, signIn);
  const shown = await browser.visit(page);
  expect(shown.headers.get('x-frame-options')).toBe('DENY');
  const { location } = await submitLogin(browser, page, { name: 'anna', password: SECRET });
  const { body } = await redeemCode(location, { ...signIn, verifier });
  const inspection = await ask(body.access_token!, '/token/inspect');
  expect(inspection).toMatchObject({ subject: 'anna', projects: [{ projectUrlName: 'plant', groups: [1] }] });
});

it('the log holds neither tokens nor secrets', () => {
  const { stderr, stdout } = server.output();
  expect(stderr).toContain('answered');
  expect(tokens.length).toBeGreaterThan(2);
  for (const token of tokens) {
    for (const part of token.split('.')) expect(stderr + stdout).not.toContain(part);
  }
  expect(stderr + stdout).not.toContain(SECRET);
});
