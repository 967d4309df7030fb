import { afterAll, beforeAll, expect, it } from 'vitest';
import { FORBIDDEN_MESSAGE } from '../../../src/auth/authorise.ts';
import { chooseAddress } from '../../../src/runtime/choose-address.ts';
import { type AccessApp, startAccessApp } from '../../http/start-access-app.ts';
import { type Gateway, startGateway } from './start-gateway.ts';

/** A second Kontur, `KONTUR_AUTH=oidc`, with groups that are limited to data sets. */
let upstream: AccessApp;
let gateway: Gateway;
let ids: Record<'five' | 'six' | 'none', number>;
const tokens = { admin: '', five: '', six: '', nobody: '', south: '' };
beforeAll(async () => {
  const { publicUrl, port } = await chooseAddress({ host: '127.0.0.1', port: 0 });
  upstream = await startAccessApp({ publicUrl });
  await upstream.app.listen({ host: '127.0.0.1', port });
  gateway = await startGateway(publicUrl, { project: 'north' });
  const { north, south } = upstream;
  tokens.admin = await north.sign({ sub: 'admin', groups: ['admins'] });
  tokens.five = await north.sign({ sub: 'five', groups: ['set-5'] });
  tokens.six = await north.sign({ sub: 'six', groups: ['set-6-readers'] });
  tokens.nobody = await north.sign({ sub: 'nobody', groups: ['unknown'] });
  tokens.south = await south.sign({ sub: 'admin', groups: ['admins'] });
  const create = async (externalId: string, dataSetId?: number) => {
    const body = { name: `${externalId}.jpg`, externalId, dataSetId };
    const { id, uploadUrl } = (await gateway.call('POST', '/files', tokens.admin, body)).body;
    await fetch(uploadUrl, { method: 'PUT', body: Buffer.from(externalId) });
    return id as number;
  };
  ids = { five: await create('five', 5), six: await create('six', 6), none: await create('none') };
});
afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});

const FORBIDDEN = { error: { code: 403, message: FORBIDDEN_MESSAGE } };
const SEGMENT = '/context/vision/segment';
const post = (token: string, item: object) =>
  gateway.call('POST', SEGMENT, token, { items: [item], points: [{ x: 0.5, y: 0.5 }] });
const countJobs = async () => (await gateway.database.kysely.selectFrom('jobs').select('job_id').execute()).length;

it('what a group of a data set may read is segmented', async () => {
  const posted = await post(tokens.five, { fileExternalId: 'five' });
  expect(posted.body).toMatchObject({ status: 'Queued', items: [{ fileId: ids.five, fileExternalId: 'five' }] });
  expect(await gateway.settled(posted.body.jobId, tokens.five)).toMatchObject({ status: 'Completed' });
  const six = await post(tokens.six, { fileId: ids.six });
  expect(await gateway.settled(six.body.jobId, tokens.six)).toMatchObject({ status: 'Completed' });
});

it.each<[keyof typeof tokens, 'five' | 'six' | 'none']>([
  ['five', 'six'],
  ['five', 'none'],
  ['six', 'five'],
  ['nobody', 'five'],
])('who is in %s only gets no job on a file of %s, by no name of it', async (group, name) => {
  const before = await countJobs();
  for (const item of [{ fileId: ids[name] }, { fileExternalId: name }]) {
    const { status, body } = await post(tokens[group], item);
    expect(status).toBe(403);
    expect(body).toEqual(FORBIDDEN);
  }
  expect(await countJobs()).toBe(before);
});

it('the result on a file is for those who may read the file, no matter who posted the job', async () => {
  const { jobId } = (await post(tokens.admin, { fileId: ids.five })).body;
  await gateway.settled(jobId, tokens.admin);
  expect(await gateway.settled(jobId, tokens.five)).toMatchObject({ status: 'Completed' });
  for (const token of [tokens.six, tokens.nobody]) {
    const { status, body } = await gateway.call('GET', `${SEGMENT}/${jobId}`, token);
    expect([status, body]).toEqual([403, FORBIDDEN]);
  }
  // The token of another project's issuer is none here.
  expect((await gateway.call('GET', `${SEGMENT}/${jobId}`, tokens.south)).status).toBe(401);
});

it('the content that one caller brought here is kept from those who may not read the file', async () => {
  await gateway.settled((await post(tokens.admin, { fileId: ids.none })).body.jobId, tokens.admin);
  const opened = gateway.opened.length;
  for (const token of [tokens.five, tokens.six]) {
    expect((await post(token, { fileId: ids.none })).body).toEqual(FORBIDDEN);
    const links = await gateway.call('POST', '/files/downloadlink', token, { items: [{ id: ids.none }] });
    expect(links.body).toEqual(FORBIDDEN);
  }
  expect(gateway.opened.length).toBe(opened);
});

it('a file that moves to another data set takes its results along, at the latest after a minute', async () => {
  const { jobId } = (await post(tokens.five, { fileId: ids.five })).body;
  await gateway.settled(jobId, tokens.five);
  const update = { items: [{ id: ids.five, update: { dataSetId: { set: 6 } } }] };
  expect((await gateway.call('POST', '/files/update', tokens.admin, update)).status).toBe(200);
  expect((await post(tokens.five, { fileId: ids.five })).status).toBe(403);
  gateway.clock.time += 60_001;
  expect((await gateway.call('GET', `${SEGMENT}/${jobId}`, tokens.five)).body).toEqual(FORBIDDEN);
  expect((await gateway.call('GET', `${SEGMENT}/${jobId}`, tokens.six)).status).toBe(200);
});
