import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStudio, type Studio } from '../../../testing/studio/open-studio.ts';

let studio: Studio;
beforeAll(async () => {
  studio = await openStudio({ signedOut: true, hash: '#/jobs' });
});
afterAll(() => studio?.close());

/** The address within the page, such as `#/jobs`. */
const hash = () => new URL(studio.page.url()).hash;

it('asks who is not signed in, and leads to the address that was opened', async () => {
  await studio.page.getByTestId('sign-in').waitFor();
  expect(await studio.page.getByRole('banner').count()).toBe(0);
  await studio.signIn();
  expect(hash()).toBe('#/jobs');
  await studio.page
    .getByRole('link', { name: 'Jobs', exact: true })
    .and(studio.page.locator('[aria-current=page]'))
    .waitFor();
});

it('keeps no token where another page or a later visitor could read it', async () => {
  const kept = await studio.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  expect(kept).not.toMatch(/eyJ[\w-]+\.|access_token|refresh_token/);
  expect(studio.page.url()).not.toMatch(/code=|token/);
  const cookies = await studio.context.cookies();
  expect(cookies.filter(({ httpOnly }) => !httpOnly)).toEqual([]);
});

it('is still signed in after a reload, at the same address and without a click', async () => {
  await studio.page.reload();
  await studio.page.getByRole('banner').waitFor();
  expect(hash()).toBe('#/jobs');
  expect(await studio.page.getByTestId('sign-in').count()).toBe(0);
});

it('renews a token that the server no longer takes, and nobody notices', async () => {
  const { page } = studio;
  studio.expectFaults(/status of 401/);
  let refused = 0;
  await page.route('**/api/v1/projects/**', async (route) => {
    // The first request goes out with a token that was tampered with, as if its key had been withdrawn.
    const headers = { ...route.request().headers() };
    if (refused++ === 0) headers.authorization = `${headers.authorization}x`;
    await route.continue({ headers });
  });
  await page.getByRole('link', { name: 'Library', exact: true }).click();
  await page.getByTestId('upload').first().waitFor();
  await expect.poll(() => refused).toBeGreaterThan(1);
  await page.unroute('**/api/v1/projects/**');
  expect(await page.getByTestId('notice').count()).toBe(0);
});

it('says that a session has ended, and leads back to the same place', async () => {
  const { page, context } = studio;
  await page.getByRole('link', { name: 'Jobs', exact: true }).click();
  await context.clearCookies();
  // From now on the server refuses the token, and the issuer knows nobody: what a session looks like a day later.
  await page.route('**/api/v1/projects/**', (route) =>
    route.continue({ headers: { ...route.request().headers(), authorization: 'Bearer ended' } }),
  );
  await page.route('**/oidc/token', (route) => {
    const body = new URLSearchParams(route.request().postData() ?? '');
    if (body.has('refresh_token')) body.set('refresh_token', 'ended');
    return route.continue({ postData: body.toString() });
  });
  studio.expectFaults(/status of 40[01]/, /login_required|invalid_grant/);
  await page.getByRole('link', { name: 'Health', exact: true }).click();
  const notice = page.getByTestId('notice');
  await notice.waitFor();
  expect(await notice.innerText()).toContain('Your session has ended');
  await page.unrouteAll();
  await notice.getByRole('button').click();
  await notice.waitFor({ state: 'detached' });
  await page.getByTestId('verdict').waitFor();
  expect(hash()).toBe('#/health');
});

it('signs out for good', async () => {
  const { page } = studio;
  await page.getByRole('button', { name: /Account/ }).click();
  await page.getByTestId('sign-out').click();
  // The issuer, which has the session too, need not ask whether it is meant.
  await page.getByTestId('sign-in').waitFor();
  await page.reload();
  await page.getByTestId('sign-in').waitFor();
  const answer = await page.context().request.get(`${studio.server.url}/oidc/session/end`);
  expect(await answer.text()).not.toContain('Stay signed in');
});
