import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, startTestApp, type TestApp, TRIANGLE } from '../../start-test-app.ts';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
  for (const request of [t.request, t.requestOther]) {
    await request({ method: 'POST', url: '/models/spaces', payload: { items: [{ space: 'sp' }] } });
  }
});
afterAll(() => t?.close());

const post = (url: string, payload: unknown, headers = {}) =>
  t.request({ method: 'POST', url, payload: payload as object, headers });
const instances = (url: string, payload: unknown) => post(`/models/instances${url}`, payload);

const FILE_VIEW = { type: 'view', space: 'cdf_cdm', externalId: 'CogniteFile', version: 'v1' };
const SOURCES = [{ source: FILE_VIEW }];
const nodeId = (externalId: string, space = 'sp') => ({ instanceType: 'node', space, externalId });
const ids = (...externalIds: string[]) => externalIds.map((externalId) => nodeId(externalId));
const write = (externalId: string, properties: object = {}) => ({
  ...nodeId(externalId),
  sources: [{ source: FILE_VIEW, properties }],
});

function expectRefusal(answer: Answer, status: number, message: unknown, more: object = {}) {
  expect(answer.json()).toEqual({ error: { code: status, message, ...more } });
  expect(answer.statusCode).toBe(status);
}

describe('POST /models/instances', () => {
  it('answers as the hosted API does, and the file is there', async () => {
    const answer = await instances('', { items: [write('f1', { name: 'pump.png', mimeType: 'image/png' })] });
    expect(answer.statusCode).toBe(200);
    const { items, deleted } = answer.json();
    const { createdTime } = items[0];
    expect(deleted).toEqual([]);
    expect(items).toEqual([
      { ...nodeId('f1'), version: 1, wasModified: true, createdTime, lastUpdatedTime: createdTime },
    ]);
    const instanceId = { space: 'sp', externalId: 'f1' };
    const [file] = (await post('/files/byids', { items: [{ instanceId }] })).json().items;
    const { id, ...rest } = file;
    expect(id).toSatisfy(Number.isSafeInteger);
    expect(rest).toEqual({
      instanceId,
      name: 'pump.png',
      mimeType: 'image/png',
      uploaded: false,
      createdTime,
      lastUpdatedTime: createdTime,
    });
  });

  it('takes what the Python SDK sends', async () => {
    const answer = await instances('', {
      items: [write('python', { name: 'pump.png', mimeType: 'image/png' })],
      autoCreateStartNodes: false,
      autoCreateEndNodes: false,
      autoCreateDirectRelations: true,
      skipOnVersionConflict: false,
      replace: false,
    });
    expect(answer.statusCode).toBe(200);
  });

  it('takes a property away that is null, and says so', async () => {
    const properties = { name: 'a.png', mimeType: 'image/png', tags: ['t'] };
    expect((await instances('', { items: [write('nulls', properties)] })).statusCode).toBe(200);
    const changed = await instances('', { items: [write('nulls', { mimeType: null, tags: null })] });
    expect(changed.json().items).toMatchObject([{ version: 2, wasModified: true }]);
    const { items } = (await instances('/byids', { items: ids('nulls'), sources: SOURCES })).json();
    expect(items[0].properties.cdf_cdm['CogniteFile/v1']).toEqual({ name: 'a.png', isUploaded: false });
  });

  it('takes null for absent elsewhere, as the Scala SDK sends it', async () => {
    const answer = await instances('', {
      items: [{ ...nodeId('scala'), type: null, sources: [{ source: FILE_VIEW, properties: null }] }],
      ...{ autoCreateStartNodes: null, autoCreateEndNodes: null, autoCreateDirectRelations: null },
      ...{ skipOnVersionConflict: null, replace: false },
    });
    expect(answer.statusCode).toBe(200);
    const items = [{ instanceId: { space: 'sp', externalId: 'scala' } }];
    expect((await post('/files/byids', { items })).json().items[0].name).toBe('untitled');
  });

  it('changes, replaces, minds versions', async () => {
    const mode = async (body: object) => (await instances('', body)).json().items[0];
    await instances('', { items: [write('mode', { name: 'a', description: 'd' })] });
    expect(await mode({ items: [write('mode', { name: 'a' })] })).toMatchObject({ version: 1, wasModified: false });
    expect(await mode({ items: [write('mode', { name: 'a' })], replace: true })).toMatchObject({ version: 2 });
    const outdated = { items: [{ ...write('mode', { name: 'b' }), existingVersion: 1 }] };
    expect(await mode({ ...outdated, skipOnVersionConflict: true })).toMatchObject({ version: 2, wasModified: false });
    const message = expect.stringContaining('has version 2, later than the existingVersion 1.');
    expectRefusal(await instances('', outdated), 409, message);
  });

  it('names the spaces that do not exist', async () => {
    const answer = await instances('', { items: [{ ...write('a'), space: 'nowhere' }] });
    expectRefusal(answer, 400, 'Spaces not found: nowhere. Create them first, with POST …/models/spaces.', {
      missing: [{ space: 'nowhere' }],
    });
  });

  it.each<[string, object, unknown]>([
    ['no items', { items: [] }, 'items must have at least 1 item, got 0.'],
    ['too many', { items: Array(1001).fill(write('a')) }, 'items must have at most 1000 items, got 1001.'],
    [
      'an edge',
      { items: [{ ...write('a'), instanceType: 'edge', startNode: nodeId('a'), endNode: nodeId('b') }] },
      'items[0].instanceType must be "node", got "edge" (this server keeps nodes that are files, and no edges).',
    ],
    ['no externalId', { items: [{ ...write('a'), externalId: null }] }, 'items[0] must have externalId.'],
    ['no file', { items: [nodeId('a')] }, expect.stringContaining('give the view cdf_cdm/CogniteFile/v1 as a source')],
    [
      'a custom view',
      { items: [{ ...nodeId('a'), sources: [{ source: { ...FILE_VIEW, space: 'mine' } }] }] },
      expect.stringMatching(
        /^items\[0\]\.sources\[0\]\.source is the view mine\/CogniteFile\/v1, which lies outside of/,
      ),
    ],
    [
      'a container',
      { items: [{ ...nodeId('a'), sources: [{ source: { type: 'container', space: 'a', externalId: 'b' } }] }] },
      expect.stringContaining('is the container a/b, which lies outside of what this server offers'),
    ],
    [
      'a relation',
      { items: [write('a', { assets: [{ space: 'a', externalId: 'b' }] })] },
      expect.stringContaining('items[0].sources[0].properties.assets is not kept by this server, which keeps'),
    ],
    [
      'an upload',
      { items: [write('a', { isUploaded: true })] },
      expect.stringContaining('isUploaded is set by the upload of the content'),
    ],
    [
      'a name that is no text',
      { items: [write('a', { name: 1 })] },
      'items[0].sources[0].properties.name must be a string or null, got 1 (name of the file).',
    ],
    [
      'a time that is no text',
      { items: [write('a', { sourceCreatedTime: 'today' })] },
      expect.stringMatching(/sourceCreatedTime must match .*, got "today" \(ISO 8601 with seconds/),
    ],
    [
      'a node twice',
      { items: [write('a'), write('a')] },
      'items[0] and items[1] are the same node, sp:a; each may be given once.',
    ],
  ])('refuses %s', async (_, body, message) => {
    expectRefusal(await instances('', body), 400, message);
  });
});

describe('reading nodes', () => {
  beforeAll(async () => {
    await instances('', { items: [write('read 1', { name: 'one.png', tags: ['t'] }), write('read 2')] });
  });

  it('by id gives the properties of the sources asked for, and leaves unknown ones out', async () => {
    const answer = await instances('/byids', { items: ids('read 2', 'no', 'read 1'), sources: SOURCES });
    expect(answer.statusCode).toBe(200);
    const { items } = answer.json();
    expect(items.map((node: { properties: object }) => node.properties)).toEqual([
      { cdf_cdm: { 'CogniteFile/v1': { isUploaded: false } } },
      { cdf_cdm: { 'CogniteFile/v1': { name: 'one.png', tags: ['t'], isUploaded: false } } },
    ]);
    expect(items[1]).toMatchObject({ ...nodeId('read 1'), version: 1 });
    expect(items[1].createdTime).toBe(items[1].lastUpdatedTime);
  });

  it('without sources gives none', async () => {
    const { items, typing } = (await instances('/byids', { items: ids('read 1'), includeTyping: false })).json();
    expect([items[0].properties, typing]).toEqual([{}, undefined]);
    expect((await instances('/byids', { items: ids('read 1'), includeTyping: true })).json().typing).toEqual({});
  });

  it('with includeTyping tells the types of the properties', async () => {
    const body = { items: ids('read 1'), sources: SOURCES, includeTyping: true };
    const types = (await instances('/byids', body)).json().typing.cdf_cdm['CogniteFile/v1'];
    const common = { nullable: true, immutable: false, autoIncrement: false };
    expect(types.tags).toEqual({ type: { type: 'text', list: true, collation: 'ucs_basic' }, ...common });
    expect(types.uploadedTime).toEqual({ type: { type: 'timestamp', list: false }, ...common });
  });

  it('takes a thousand ids, and no more', async () => {
    const items = (count: number) => ids(...Array.from({ length: count }, (_, n) => `unknown ${n}`));
    expect((await instances('/byids', { items: items(1000) })).json()).toEqual({ items: [] });
    for (const operation of ['/byids', '/delete']) {
      const answer = await instances(operation, { items: items(1001) });
      expectRefusal(answer, 400, 'items must have at most 1000 items, got 1001.');
    }
  });

  it('as a list turns pages within the filter', async () => {
    const filter = { in: { property: ['node', 'externalId'], values: ['read 1', 'read 2'] } };
    const query = { instanceType: 'node', sources: SOURCES, filter, limit: 1, includeTyping: false };
    const first = (await instances('/list', query)).json();
    const second = (await instances('/list', { ...query, cursor: first.nextCursor })).json();
    const listed = [...first.items, ...second.items];
    expect(listed.map(({ externalId }) => externalId).sort()).toEqual(['read 1', 'read 2']);
    expect(listed[0].properties.cdf_cdm['CogniteFile/v1'].isUploaded).toBe(false);
    expect(second.nextCursor).toBeUndefined();
    expect((await instances('/list', {})).json().items.length).toBeGreaterThan(2);
  });

  it.each<[string, object, RegExp]>([
    [
      '/byids',
      { items: [nodeId('a')], sources: [{ source: { ...FILE_VIEW, version: 'v2' } }] },
      /^sources\[0\] is the view/,
    ],
    ['/byids', { items: [{ ...nodeId('a'), instanceType: 'edge' }] }, /^items\[0\]\.instanceType must be "node"/],
    ['/byids', { items: [] }, /^items must have at least 1 item/],
    ['/list', { instanceType: 'edge' }, /^instanceType must be "node", got "edge" \(this server keeps nodes/],
    ['/list', { sources: [{ source: { ...FILE_VIEW, externalId: 'Mine' } }] }, /cdf_cdm\/Mine\/v1, which lies outside/],
    ['/list', { filter: { prefix: {} } }, /^filter\.prefix cannot be checked by this server\. It knows and; equals/],
    ['/list', { sort: [{ property: ['node', 'space'] }] }, /^This server cannot sort nodes\./],
    ['/list', { limit: 1001 }, /^limit must be at most 1000/],
    ['/list', { cursor: 'x' }, /^The cursor is not one of this list/],
    ['/delete', { items: [nodeId('a', 'nowhere')] }, /^Spaces not found: nowhere\./],
    ['/delete', { items: [] }, /^items must have at least 1 item/],
  ])('refuses %s %j', async (url, body, message) => {
    const answer = await instances(url, body);
    expect(answer.json().error.message).toMatch(message);
    expect(answer.statusCode).toBe(400);
  });
});

it('POST /models/instances/delete removes nodes and their files', async () => {
  await instances('', { items: [write('gone 1'), write('gone 2')] });
  const answer = await instances('/delete', { items: ids('gone 2', 'never', 'gone 1') });
  expect([answer.statusCode, answer.json()]).toEqual([200, { items: ids('gone 2', 'gone 1') }]);
  const instanceId = { space: 'sp', externalId: 'gone 1' };
  expectRefusal(
    await post('/files/byids', { items: [{ instanceId }] }),
    400,
    'File instance ids not found: sp:gone 1',
    {
      missing: [{ instanceId }],
    },
  );
  expectRefusal(
    await post('/models/spaces/delete', { items: [{ space: 'sp' }] }),
    400,
    expect.stringMatching(/^Spaces that have nodes cannot be deleted: sp\./),
  );
});

it('another project sees neither nodes nor files nor cursors, though its space has the same name', async () => {
  await instances('', { items: [write('private 1', { name: 'mine.png' }), write('private 2')] });
  const other = (url: string, payload: object) => t.requestOther({ method: 'POST', url, payload });
  const items = ids('private 1');
  expect((await other('/models/instances/byids', { items })).json()).toEqual({ items: [] });
  expect((await other('/models/instances/list', {})).json()).toEqual({ items: [] });
  expect((await other('/models/instances/delete', { items })).json()).toEqual({ items: [] });
  const instanceId = { space: 'sp', externalId: 'private 1' };
  for (const operation of ['byids', 'uploadlink', 'downloadlink']) {
    expectRefusal(
      await other(`/files/${operation}`, { items: [{ instanceId }] }),
      400,
      'File instance ids not found: sp:private 1',
      { missing: [{ instanceId }] },
    );
  }
  const { nextCursor: cursor } = (await instances('/list', { limit: 1 })).json();
  const turned = await other('/models/instances/list', { limit: 1, cursor });
  expectRefusal(turned, 400, expect.stringMatching(/^The cursor is not one of this list/));
  await other('/models/instances', { items: [write('private 1', { name: 'theirs.png' })] });
  const [mine] = (await instances('/byids', { items, sources: SOURCES })).json().items;
  expect(mine.properties.cdf_cdm['CogniteFile/v1'].name).toBe('mine.png');
});

it('a file by instance id is uploaded, segmented and downloaded like any other', async () => {
  const instanceId = { space: 'sp', externalId: 'photo 1.jpg' };
  await instances('', { items: [write('photo 1.jpg', { name: 'photo.jpg', mimeType: 'image/jpeg' })] });
  const link = await post('/files/uploadlink', { items: [{ instanceId }] });
  expect(link.statusCode).toBe(200);
  const [{ id: fileId, uploadUrl }] = link.json().items;
  expect((await t.send({ method: 'PUT', url: uploadUrl, payload: Buffer.from('a photo') })).statusCode).toBe(200);

  const read = await instances('/byids', { items: ids('photo 1.jpg'), sources: SOURCES });
  const { isUploaded, uploadedTime } = read.json().items[0].properties.cdf_cdm['CogniteFile/v1'];
  const [{ uploadedTime: epochMs }] = (await post('/files/byids', { items: [{ id: fileId }] })).json().items;
  expect([isUploaded, Date.parse(uploadedTime)]).toEqual([true, epochMs]);
  expect(uploadedTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/);

  const beta = { 'cdf-version': 'beta' };
  const points = [{ x: 0.5, y: 0.5 }];
  for (const item of [{ fileInstanceId: instanceId }, { fileId }]) {
    const posted = await post('/context/vision/segment', { items: [item], points }, beta);
    expect(posted.statusCode).toBe(200);
    expect(posted.json().items).toEqual([{ fileId, fileInstanceId: instanceId }]);
    const url = `/context/vision/segment/${posted.json().jobId}`;
    const read = async () => (await t.request({ url })).json();
    await expect.poll(async () => (await read()).status).toBe('Completed');
    expect((await read()).items).toEqual([{ fileId, segments: TRIANGLE }]);
  }

  const download = await post('/files/downloadlink', { items: [{ instanceId }] });
  const [{ downloadUrl, ...asAsked }] = download.json().items;
  expect(asAsked).toEqual({ instanceId });
  expect((await t.send({ url: downloadUrl })).body).toBe('a photo');

  await instances('/delete', { items: ids('photo 1.jpg') });
  expect((await t.send({ url: downloadUrl })).statusCode).toBe(400);
});
