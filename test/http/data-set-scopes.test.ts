import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FORBIDDEN_MESSAGE } from '../../src/auth/authorise.ts';
import { type AccessApp, startAccessApp } from './start-access-app.ts';

let t: AccessApp;
/** Ids of files by the data set they are in; `none` is in no data set, `node` is a node of the space `yard`. */
let ids: Record<'five' | 'six' | 'none' | 'node', number>;
let admin: ReturnType<AccessApp['as']>;
beforeAll(async () => {
  t = await startAccessApp();
  admin = t.as('north', 'admins');
  const create = async (name: string, dataSetId?: number) => {
    const payload = { name: `${name}.jpg`, externalId: name, dataSetId };
    const { id, uploadUrl } = (await admin({ method: 'POST', url: '/files', payload })).json();
    await t.app.inject({ method: 'PUT', url: uploadUrl, payload: 'x' });
    return id as number;
  };
  const { instances } = t.test.dependencies;
  await instances.upsertSpaces('north', [{ space: 'yard' }]);
  ids = { five: await create('five', 5), six: await create('six', 6), none: await create('none'), node: 0 };
  const source = { type: 'view', space: 'cdf_cdm', externalId: 'CogniteFile', version: 'v1' } as const;
  const node = {
    instanceType: 'node',
    space: 'yard',
    externalId: 'gate',
    sources: [{ source, properties: { name: 'gate.jpg' } }],
  };
  await instances.upsertNodes('north', [node as never], {} as never);
  const byInstance = { items: [{ instanceId: { space: 'yard', externalId: 'gate' } }] };
  ids.node = (await admin({ method: 'POST', url: '/files/byids', payload: byInstance })).json().items[0].id;
});
afterAll(() => t?.close());

const forbidden = { error: { code: 403, message: FORBIDDEN_MESSAGE } };
const point = { points: [{ x: 0.5, y: 0.5 }] };

/** Every way of using one file: method, address, body; by what it needs. */
const reads = (id: number) =>
  [
    ['GET', `/files/${id}`],
    ['POST', '/files/byids', { items: [{ id }] }],
    ['POST', '/files/downloadlink', { items: [{ id }] }],
    ['POST', '/context/vision/segment', { items: [{ fileId: id }], ...point }],
  ] as const;
const writes = (id: number, externalId: string) =>
  [
    ['POST', '/files/update', { items: [{ id, update: { source: { set: 'x' } } }] }],
    ['POST', '/files/uploadlink', { items: [{ externalId }] }],
    ['POST', '/files/multiuploadlink?parts=1', { items: [{ externalId }] }],
    ['POST', '/files/completemultipartupload', { externalId, uploadId: 'x' }],
    ['POST', '/files?overwrite=true', { name: 'a.jpg', externalId }],
    ['POST', '/files/initmultipartupload?overwrite=true&parts=1', { name: 'a.jpg', externalId }],
    ['POST', '/files/delete', { items: [{ id }] }],
  ] as const;

type Asker = ReturnType<AccessApp['as']>;
async function statuses(ask: Asker, requests: readonly (readonly [string, string, object?])[]) {
  const found: [string, number][] = [];
  for (const [method, url, payload] of requests) {
    const answer = await ask({ method: method as 'GET', url, payload });
    if (answer.statusCode === 403) expect(answer.json()).toEqual(forbidden);
    found.push([url, answer.statusCode]);
  }
  return found;
}

describe('who is limited to data set 5', () => {
  let five: Asker;
  beforeAll(() => {
    five = t.as('north', 'set-5');
  });

  it('reads its files, and no others, by any operation', async () => {
    for (const [url, status] of await statuses(five, reads(ids.five))) expect([url, status]).toEqual([url, 200]);
    for (const id of [ids.six, ids.none, ids.node, 123_456]) {
      for (const [url, status] of await statuses(five, reads(id))) expect([url, status]).toEqual([url, 403]);
    }
  });

  it('writes no other files, by any operation', async () => {
    for (const name of ['six', 'none'] as const) {
      for (const [url, status] of await statuses(five, writes(ids[name], name)))
        expect([url, status]).toEqual([url, 403]);
    }
    const all = (await admin({ method: 'POST', url: '/files/byids', payload: { items: [{ id: ids.six }] } })).json();
    expect(all.items[0]).toMatchObject({ name: 'six.jpg', uploaded: true });
    expect(all.items[0].source).toBeUndefined();
  });

  it('gets the whole of a request refused for one file that is not its own', async () => {
    const items = [{ id: ids.five }, { id: ids.six }];
    for (const url of ['/files/byids', '/files/downloadlink', '/files/delete']) {
      expect((await five({ method: 'POST', url, payload: { items } })).json()).toEqual(forbidden);
    }
    const payload = { items, ignoreUnknownIds: true };
    const found = (await five({ method: 'POST', url: '/files/byids', payload })).json().items;
    expect(found.map(({ id }: { id: number }) => id)).toEqual([ids.five]);
  });

  it('deletes only its own where unknown ids are ignored', async () => {
    const payload = { name: 'brief.jpg', dataSetId: 5 };
    const { id } = (await five({ method: 'POST', url: '/files', payload })).json();
    const items = [{ id }, { id: ids.six }, { id: 123_456 }];
    const answer = await five({ method: 'POST', url: '/files/delete', payload: { items, ignoreUnknownIds: true } });
    expect([answer.statusCode, answer.json()]).toEqual([200, {}]);
    expect((await admin({ url: `/files/${id}` })).statusCode).toBe(400);
    expect((await admin({ url: `/files/${ids.six}` })).statusCode).toBe(200);
  });

  it('lists, finds and counts its own, whatever the filter says', async () => {
    const filters = [{}, { dataSetIds: [{ id: 5 }, { id: 6 }] }];
    for (const filter of filters) {
      const list = (await five({ method: 'POST', url: '/files/list', payload: { filter } })).json().items;
      expect(list.map(({ id }: { id: number }) => id)).toEqual([ids.five]);
      const count = await five({ method: 'POST', url: '/files/aggregate', payload: { filter } });
      expect(count.json()).toEqual({ items: [{ count: 1 }] });
    }
    const none = { filter: { dataSetIds: [{ id: 6 }] } };
    expect((await five({ method: 'POST', url: '/files/list', payload: none })).json().items).toEqual([]);
    expect((await five({ url: '/files' })).json().items).toHaveLength(1);
    const search = { search: { name: 'jpg' } };
    const found = (await five({ method: 'POST', url: '/files/search', payload: search })).json().items;
    expect(found.map(({ id }: { id: number }) => id)).toEqual([ids.five]);
  });

  it('creates files in data set 5 alone, and moves none out or in', async () => {
    for (const url of ['/files', '/files/initmultipartupload?parts=1']) {
      for (const dataSetId of [6, undefined]) {
        const answer = await five({ method: 'POST', url, payload: { name: 'a.jpg', dataSetId } });
        expect(answer.json()).toEqual(forbidden);
      }
      const made = await five({ method: 'POST', url, payload: { name: 'a.jpg', dataSetId: 5 } });
      expect(made.statusCode).toBe(201);
      await admin({ method: 'POST', url: '/files/delete', payload: { items: [{ id: made.json().id }] } });
    }
    for (const dataSetId of [{ set: 6 }, { setNull: true }]) {
      const payload = { items: [{ id: ids.five, update: { dataSetId } }] };
      expect((await five({ method: 'POST', url: '/files/update', payload })).json()).toEqual(forbidden);
    }
    const overwrite = { name: 'b.jpg', externalId: 'five', dataSetId: 6 };
    expect((await five({ method: 'POST', url: '/files?overwrite=true', payload: overwrite })).json()).toEqual(
      forbidden,
    );
  });
});

it('who is limited to data set 5 never gets a file of data set 6 that is created at the same moment', async () => {
  const five = t.as('north', 'set-5');
  const kept: unknown[] = [];
  for (let round = 0; round < 40; round++) {
    const externalId = `raced-${round}`;
    const initiated = round % 2 === 0 ? '/files?overwrite=true' : '/files/initmultipartupload?overwrite=true&parts=1';
    const post = (ask: Asker, url: string, dataSetId: number) =>
      ask({ method: 'POST', url, payload: { name: 'a.jpg', externalId, dataSetId } });
    const [owners, taken] = await Promise.all([post(admin, '/files', 6), post(five, initiated, 5)]);
    const [file] = (await admin({ method: 'POST', url: '/files/byids', payload: { items: [{ externalId }] } })).json()
      .items;
    kept.push([owners.statusCode, taken.statusCode, file.dataSetId]);
    await admin({ method: 'POST', url: '/files/delete', payload: { items: [{ externalId }] } });
  }
  const ownersFirst = [201, 403, 6];
  const ownersSecond = [409, 201, 5];
  for (const outcome of kept) expect([ownersFirst, ownersSecond]).toContainEqual(outcome);
});

describe('a job', () => {
  const post = async (fileId: number): Promise<number> =>
    (await admin({ method: 'POST', url: '/context/vision/segment', payload: { items: [{ fileId }], ...point } })).json()
      .jobId;
  const read = async (ask: Asker, jobId: number) => (await ask({ url: `/context/vision/segment/${jobId}` })).statusCode;

  it('is read by those who may read its file, on each request', async () => {
    const jobId = await post(ids.six);
    expect(await read(t.as('north', 'set-6-readers'), jobId)).toBe(200);
    expect(await read(t.as('north', 'set-5'), jobId)).toBe(403);
    expect(await read(t.as('north'), jobId)).toBe(403);
    // Who may read some files alone does not come to know which jobs there are.
    expect(await read(t.as('north', 'set-5'), jobId + 1)).toBe(403);
    expect(await read(t.as('north', 'readers'), jobId + 1)).toBe(404);
    const move = (dataSetId: number) =>
      admin({
        method: 'POST',
        url: '/files/update',
        payload: { items: [{ id: ids.six, update: { dataSetId: { set: dataSetId } } }] },
      });
    await move(5);
    expect(await read(t.as('north', 'set-6-readers'), jobId)).toBe(403);
    expect(await read(t.as('north', 'set-5'), jobId)).toBe(200);
    await move(6);
  });

  it('whose file is gone is read by those who may read all files', async () => {
    const payload = { name: 'gone.jpg', dataSetId: 5 };
    const { id } = (await admin({ method: 'POST', url: '/files', payload })).json();
    const jobId = await post(id);
    expect(await read(t.as('north', 'set-5'), jobId)).toBe(200);
    await admin({ method: 'POST', url: '/files/delete', payload: { items: [{ id }] } });
    expect(await read(t.as('north', 'set-5'), jobId)).toBe(403);
    expect(await read(t.as('north', 'readers'), jobId)).toBe(200);
  });
});

describe('others', () => {
  it('may read everything and write nothing, or nothing at all', async () => {
    const readers = t.as('north', 'readers');
    for (const [url, status] of await statuses(readers, reads(ids.none))) {
      expect([url, status]).toEqual([url, 200]);
    }
    for (const [url, status] of await statuses(readers, writes(ids.five, 'five')))
      expect([url, status]).toEqual([url, 403]);
    const all = [
      ...reads(ids.five),
      ...writes(ids.five, 'five'),
      ['POST', '/files/list', {}],
      ['GET', '/files'],
    ] as const;
    for (const groups of [[], ['unknown']]) {
      for (const [url, status] of await statuses(t.as('north', ...groups), all))
        expect([url, status]).toEqual([url, 403]);
    }
  });

  it('reach the files of a space through the capability on its nodes', async () => {
    const yard = t.as('north', 'nodes-of-yard');
    const instanceId = { space: 'yard', externalId: 'gate' };
    const job = { items: [{ fileInstanceId: instanceId }], ...point };
    const requests = [
      ['GET', `/files/${ids.node}`],
      ['POST', '/files/byids', { items: [{ instanceId }] }],
      ['POST', '/context/vision/segment', job],
      ['POST', '/files/uploadlink', { items: [{ instanceId }] }],
    ] as const;
    for (const [url, status] of await statuses(yard, requests)) expect([url, status < 300]).toEqual([url, true]);
    for (const [url, status] of await statuses(yard, reads(ids.five))) expect([url, status]).toEqual([url, 403]);
  });
});
