import { afterAll, beforeAll, expect, it } from 'vitest';
import { chooseAddress } from '../../../src/runtime/choose-address.ts';
import { startTestApp, type TestApp } from '../../http/start-test-app.ts';
import { type Gateway, startGateway } from './start-gateway.ts';

let upstream: TestApp;
let publicUrl: string;
let gateway: Gateway;
beforeAll(async () => {
  const address = await chooseAddress({ host: '127.0.0.1', port: 0 });
  publicUrl = address.publicUrl;
  upstream = await startTestApp({ settings: { publicUrl } });
  await upstream.app.listen({ host: '127.0.0.1', port: address.port });
  gateway = await startGateway(publicUrl, { project: 'demo' });
});
afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});

const point = { points: [{ x: 0.5, y: 0.5 }] };

it('a file that is made through the gateway is the upstream’s, whose links lead there, and is segmented here', async () => {
  const { token } = upstream;
  const created = await gateway.call('POST', '/files', token, {
    name: 'a.png',
    externalId: 'a',
    mimeType: 'image/png',
  });
  expect(created.status).toBe(201);
  const { id, uploadUrl } = created.body;
  expect(uploadUrl.startsWith(`${publicUrl}/`)).toBe(true);
  const content = Buffer.from('the content');
  // Through the gateway the link works as well, whatever token comes with it.
  for (const url of [uploadUrl, uploadUrl.replace(publicUrl, gateway.url)]) {
    const put = await fetch(url, { method: 'PUT', body: content, headers: { authorization: 'Bearer ignored' } });
    expect(put.status).toBe(200);
  }
  const found = await upstream.request({ method: 'POST', url: '/files/byids', payload: { items: [{ id }] } });
  expect(found.json().items).toMatchObject([{ id, externalId: 'a', uploaded: true }]);

  const links = await gateway.call('POST', '/files/downloadlink', token, { items: [{ externalId: 'a' }] });
  expect(await (await fetch(links.body.items[0].downloadUrl)).text()).toBe('the content');

  for (const item of [{ fileId: id }, { fileExternalId: 'a' }]) {
    const posted = await gateway.call('POST', '/context/vision/segment', token, { items: [item], ...point });
    expect(posted.body).toMatchObject({ status: 'Queued', items: [{ fileId: id, fileExternalId: 'a' }] });
    expect(await gateway.settled(posted.body.jobId, token)).toMatchObject({ status: 'Completed' });
  }
  expect(gateway.opened).toHaveLength(2);
  const jobs = await upstream.request({ url: '/context/vision/segment/1' });
  expect(jobs.statusCode).toBe(404);
});

it('what this server does not have itself is answered by the upstream', async () => {
  const inspected = await fetch(`${gateway.url}/api/v1/token/inspect`, {
    headers: { authorization: `Bearer ${upstream.token}` },
  });
  expect(inspected.status).toBe(200);
  expect(await inspected.json()).toMatchObject({ projects: [{ projectUrlName: 'demo' }] });
  const missing = await gateway.call('POST', '/files/byids', upstream.token, { items: [{ id: 5 }] });
  expect(missing.status).toBe(400);
  expect(missing.body).toEqual({ error: { code: 400, message: 'File ids not found: 5', missing: [{ id: 5 }] } });
});

it('a job on a file that is not there is refused as the upstream refuses it', async () => {
  const items = [{ fileExternalId: 'none' }];
  const direct = await upstream.request({
    method: 'POST',
    url: '/context/vision/segment',
    headers: { 'cdf-version': 'beta' },
    payload: { items, ...point },
  });
  const passed = await gateway.call('POST', '/context/vision/segment', upstream.token, { items, ...point });
  expect(passed.status).toBe(400);
  expect(passed.body).toEqual(direct.json());
});

it('a token of another project is none here', async () => {
  const { status, body } = await gateway.call('GET', '/context/vision/segment/1', upstream.otherToken);
  expect(status).toBe(401);
  expect(body).toEqual({ error: { code: 401, message: 'Unauthorized' } });
});
