import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccessApp, startAccessApp } from './start-access-app.ts';

const CONTENT = 'content of the north';
let t: AccessApp;
let north: ReturnType<AccessApp['as']>;
let south: ReturnType<AccessApp['as']>;
let file: { id: number; uploadUrl: string };
let jobId: number;
let cursor: string;
beforeAll(async () => {
  t = await startAccessApp();
  north = t.as('north', 'admins');
  south = t.as('south', 'admins');
  const create = (request: typeof north, externalId: string) =>
    request({ method: 'POST', url: '/files', payload: { name: 'a.jpg', externalId, source: 'crossing' } });
  file = (await create(north, 'one')).json();
  await create(north, 'two');
  await create(south, 'other');
  await t.app.inject({ method: 'PUT', url: file.uploadUrl, payload: CONTENT });
  const job = { items: [{ fileId: file.id }], points: [{ x: 0.5, y: 0.5 }] };
  jobId = (await north({ method: 'POST', url: '/context/vision/segment', payload: job })).json().jobId;
  cursor = (await north({ method: 'POST', url: '/files/list', payload: { limit: 1 } })).json().nextCursor;
});
afterAll(() => t?.close());

describe('of another project', () => {
  it('a token is refused like one that is none', async () => {
    const token = await t.north.sign({ groups: ['admins'] });
    for (const url of ['', '/groups', `/files/${file.id}`, `/context/vision/segment/${jobId}`, '/no/such']) {
      const answer = await south({ url, headers: { authorization: `Bearer ${token}` } });
      expect([answer.statusCode, answer.json()]).toEqual([401, { error: { code: 401, message: 'Unauthorized' } }]);
    }
  });

  it('a file does not exist, by any name and for any use', async () => {
    for (const reference of [{ id: file.id }, { externalId: 'one' }]) {
      const items = [reference];
      const requests = [
        ['/files/byids', { items }],
        ['/files/delete', { items }],
        ['/files/downloadlink', { items }],
        ['/files/uploadlink', { items }],
        ['/files/multiuploadlink?parts=1', { items }],
        ['/files/update', { items: [{ ...reference, update: { source: { set: 'x' } } }] }],
        ['/files/completemultipartupload', { ...reference, uploadId: 'x' }],
      ] as const;
      for (const [url, payload] of requests) {
        const answer = await south({ method: 'POST', url, payload });
        // Links for uploads are not asked for by numeric id.
        const expected = /^\/files\/(multi)?uploadlink/.test(url) && 'id' in reference ? {} : { missing: [reference] };
        expect([url, answer.statusCode]).toEqual([url, 400]);
        expect(answer.json().error).toMatchObject(expected);
      }
    }
    expect((await south({ url: `/files/${file.id}` })).statusCode).toBe(400);
    const job = { items: [{ fileId: file.id }], points: [{ x: 0.5, y: 0.5 }] };
    const posted = await south({ method: 'POST', url: '/context/vision/segment', payload: job });
    expect([posted.statusCode, posted.json().error.missing]).toEqual([400, [{ id: file.id }]]);
    expect((await north({ url: `/files/${file.id}` })).json()).toMatchObject({ id: file.id, uploaded: true });
  });

  it('a file is in no list, search or count', async () => {
    const names = async (url: string, payload: object) =>
      (await south({ method: 'POST', url, payload }))
        .json()
        .items.map((item: { externalId?: string }) => item.externalId);
    expect(await names('/files/list', {})).toEqual(['other']);
    expect(await names('/files/search', { search: { name: 'a.jpg' } })).toEqual(['other']);
    expect((await south({ url: '/files' })).json().items).toHaveLength(1);
    expect((await south({ method: 'POST', url: '/files/aggregate', payload: {} })).json()).toEqual({
      items: [{ count: 1 }],
    });
  });

  it('an externalId is free, and overwrites nothing', async () => {
    const payload = { name: 'mine.jpg', externalId: 'two' };
    const created = await south({ method: 'POST', url: '/files?overwrite=true', payload });
    expect(created.statusCode).toBe(201);
    const theirs = await north({ method: 'POST', url: '/files/byids', payload: { items: [{ externalId: 'two' }] } });
    expect(theirs.json().items[0].name).toBe('a.jpg');
    await south({ method: 'POST', url: '/files/delete', payload: { items: [{ externalId: 'two' }] } });
    expect((await north({ url: `/files/${theirs.json().items[0].id}` })).statusCode).toBe(200);
  });

  it('a job does not exist', async () => {
    const answer = await south({ url: `/context/vision/segment/${jobId}` });
    expect(answer.statusCode).toBe(404);
    expect(answer.json().error.message).toBe(`There is no job ${jobId} in this project.`);
  });

  it('a cursor is refused', async () => {
    expect((await north({ method: 'POST', url: '/files/list', payload: { limit: 1, cursor } })).statusCode).toBe(200);
    const answer = await south({ method: 'POST', url: '/files/list', payload: { limit: 1, cursor } });
    expect([answer.statusCode, answer.json().error.message]).toEqual([400, expect.stringContaining('cursor')]);
  });

  it('links work for what they were made for, and cannot be turned to anything else', async () => {
    const [link] = (
      await north({ method: 'POST', url: '/files/downloadlink', payload: { items: [{ id: file.id }] } })
    ).json().items;
    expect((await t.app.inject(link.downloadUrl)).body).toBe(CONTENT);
    // A link of one kind for the other, and one whose payload names the other project.
    const sig = (url: string) => new URL(url).searchParams.get('sig')!;
    const swapped = link.downloadUrl.replace(sig(link.downloadUrl), sig(file.uploadUrl));
    expect((await t.app.inject(swapped)).statusCode).toBe(403);
    for (const [method, url] of [
      ['GET', link.downloadUrl],
      ['PUT', file.uploadUrl],
    ] as const) {
      const [header, payload, signature] = sig(url).split('.') as [string, string, string];
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
      expect(claims.project).toBe('north');
      const forged = Buffer.from(JSON.stringify({ ...claims, project: 'south' })).toString('base64url');
      const answer = await t.app.inject({ method, url: url.replace(sig(url), `${header}.${forged}.${signature}`) });
      expect([method, answer.statusCode]).toEqual([method, 403]);
    }
    // Nor does a link let its holder in anywhere else.
    const asToken = await south({ url: '/files', headers: { authorization: `Bearer ${sig(link.downloadUrl)}` } });
    expect(asToken.statusCode).toBe(401);
  });
});

it('an issuer that is away makes the requests of its project fail with 503, and no others', async () => {
  const other = await startAccessApp();
  other.north.broken = true;
  const payload = { name: 'a.jpg' };
  const answer = await other.as('north', 'admins')({ method: 'POST', url: '/files', payload });
  expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '1']);
  expect(answer.json().error.code).toBe(503);
  expect((await other.as('south', 'admins')({ method: 'POST', url: '/files', payload })).statusCode).toBe(201);
  await other.close();
});

it('nothing of a token is in the log, accepted or not', async () => {
  const tokens = [
    await t.north.sign({ groups: ['admins'] }),
    await t.south.sign({ groups: ['admins'] }),
    await t.north.sign({ exp: 1 }),
  ];
  for (const token of tokens) {
    await north({ url: '/files', headers: { authorization: `Bearer ${token}` } });
    await t.app.inject({ url: '/api/v1/token/inspect', headers: { authorization: `Bearer ${token}` } });
  }
  expect(t.lines.length).toBeGreaterThan(10);
  const log = t.lines.join('\n');
  for (const token of tokens) for (const part of token.split('.')) expect(log).not.toContain(part);
});
