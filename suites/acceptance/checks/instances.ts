import assert from 'node:assert/strict';
import { checksOf } from '../check.ts';
import { expectPart, expectRefusal, expectStatus, expectThat } from '../expect.ts';
import type { Instance, InstanceId, Items, Space } from '../wire.ts';
import { FILE_VIEW, type World } from '../world.ts';

const RESERVED_SPACES = ['space', 'cdf', 'dms', 'pg3', 'shared', 'system', 'node', 'edge'];
const SPACES = '/models/spaces';
const INSTANCES = '/models/instances';
const FILE_PROPERTIES = { name: 'pump.jpg', mimeType: 'image/jpeg' };

const spaceName = ({ name }: World) => name().replaceAll('-', '_').slice(-43);
const applySpaces = ({ client }: World, ...items: object[]) => client.create<Items<Space>>(SPACES, { items });
const removeSpaces = ({ client }: World, ...names: string[]) =>
  client.create<Items<{ space: string }>>(`${SPACES}/delete`, { items: names.map((space) => ({ space })) });

export const spacesChecks = checksOf('POST /models/spaces and below', ({ documented, observed, inferred }) => {
  documented('items: space, name, description, createdTime, lastUpdatedTime, isGlobal false', async (world) => {
    const given = { space: spaceName(world), name: 'A space', description: 'of a check' };
    const [space] = (await applySpaces(world, given)).items as [Space];
    expectPart(space, { ...given, isGlobal: false });
    expectThat(space.createdTime > 0 && space.lastUpdatedTime >= space.createdTime, JSON.stringify(space));
    await removeSpaces(world, given.space);
  });
  documented('a space that is there is changed', async (world) => {
    const space = spaceName(world);
    const [{ createdTime }] = (await applySpaces(world, { space, name: 'old' })).items as [Space];
    expectPart((await applySpaces(world, { space, name: 'new' })).items, [{ name: 'new', createdTime }]);
    await removeSpaces(world, space);
  });
  for (const space of RESERVED_SPACES) {
    documented(`the name "${space}" is reserved: 400`, async ({ client }) =>
      expectRefusal(await client.post(SPACES, { items: [{ space }] }), 400),
    );
  }
  documented('a name that starts with no letter or is longer than 43 is answered 400', async ({ client }) => {
    for (const space of ['1a', '', 'a b', 'a'.repeat(44)]) {
      expectRefusal(await client.post(SPACES, { items: [{ space }] }), 400);
    }
  });
  documented('items: none and 101 are answered 400', async ({ client }) => {
    const items = Array.from({ length: 101 }, (_, i) => ({ space: `many_${i}` }));
    for (const some of [[], items]) expectRefusal(await client.post(SPACES, { items: some }), 400);
  });
  documented('byids: the spaces that are there', async (world) => {
    const space = spaceName(world);
    await applySpaces(world, { space });
    const items = [{ space }, { space: 'of_nobody' }];
    const found = await world.client.create<Items<Space>>(`${SPACES}/byids`, { items });
    assert.deepEqual(
      found.items.map((item) => item.space),
      [space],
    );
    await removeSpaces(world, space);
  });
  documented('GET: lists them', async (world) => {
    const space = spaceName(world);
    await applySpaces(world, { space });
    const answer = await world.client.get<Items<Space>>(`${SPACES}?limit=1000`);
    expectStatus(answer, 200);
    expectThat(
      answer.body.items.some((item) => item.space === space),
      'the space is not in the list',
    );
    await removeSpaces(world, space);
  });
  documented('delete: answers what was deleted', async (world) => {
    const space = spaceName(world);
    await applySpaces(world, { space });
    assert.deepEqual((await removeSpaces(world, space)).items, [{ space }]);
    const left = await world.client.create<Items<Space>>(`${SPACES}/byids`, { items: [{ space }] });
    assert.deepEqual(left.items, []);
  });
  inferred('delete: a space that still has nodes is answered 400', async (world) => {
    const { space } = await world.createInstance();
    expectRefusal(await world.client.post(`${SPACES}/delete`, { items: [{ space }] }), 400);
  });
  observed('a bare space, as the Python SDK sends it, is accepted', async (world) => {
    const space = spaceName(world);
    expectPart((await applySpaces(world, { space })).items, [{ space }]);
    await removeSpaces(world, space);
  });
});

const node = ({ space, externalId }: InstanceId) => ({ instanceType: 'node', space, externalId });
const fileNode = (id: InstanceId, properties: object = FILE_PROPERTIES) => ({
  ...node(id),
  sources: [{ source: FILE_VIEW, properties }],
});
const apply = ({ client }: World, body: object) => client.create<Items<Instance> & { deleted?: [] }>(INSTANCES, body);
const byIds = async ({ client }: World, items: object[], sources: object[] | undefined = [{ source: FILE_VIEW }]) =>
  (await client.create<Items<Instance>>(`${INSTANCES}/byids`, { items, sources })).items;
const fresh = async (world: World): Promise<InstanceId> => ({
  space: (await world.once('a node', () => world.createInstance())).space,
  externalId: world.name(),
});
const remove = ({ client }: World, id: InstanceId) =>
  client.create<Items<InstanceId>>(`${INSTANCES}/delete`, { items: [node(id)] });

export const instancesChecks = checksOf('POST /models/instances and below', (mark) => {
  const { documented, observed, inferred, ours } = mark;
  documented('items: the node with version, wasModified, createdTime, lastUpdatedTime', async (world) => {
    const id = await fresh(world);
    const { items } = await apply(world, { items: [fileNode(id)] });
    const [created] = items as [Instance];
    expectPart(created, { ...node(id), wasModified: true });
    expectThat(created.version >= 1 && created.createdTime > 0 && created.lastUpdatedTime > 0, JSON.stringify(created));
    await remove(world, id);
  });
  documented('a node with the CogniteFile view is a file, with instanceId and no externalId', async (world) => {
    const instanceId = await world.createInstance(FILE_PROPERTIES);
    const file = await world.readFile({ instanceId });
    expectPart(file, { instanceId, ...FILE_PROPERTIES, uploaded: false });
    assert.ok(Number.isSafeInteger(file.id) && !('externalId' in file));
  });
  observed('a file without a name is named "untitled"', async (world) => {
    const instanceId = await world.createInstance({ mimeType: 'image/png' });
    assert.equal((await world.readFile({ instanceId })).name, 'untitled');
  });
  documented('a node without the view, if it is accepted at all, is no file', async (world) => {
    const instanceId = await fresh(world);
    const made = await world.client.post(INSTANCES, { items: [node(instanceId)] });
    const answer = await world.client.post('/files/byids', { items: [{ instanceId }] });
    expectRefusal(answer, 400, { missing: [{ instanceId }] });
    if (made.status === 200) await remove(world, instanceId);
    else expectRefusal(made, 400);
  });
  observed('the flags of the Python SDK are accepted', async (world) => {
    const id = await fresh(world);
    const flags = { autoCreateStartNodes: false, autoCreateEndNodes: false, autoCreateDirectRelations: true };
    const body = { items: [fileNode(id)], ...flags, skipOnVersionConflict: false, replace: false };
    expectPart((await apply(world, body)).items, [node(id)]);
    await remove(world, id);
  });
  inferred('properties: null takes a property away, what is not given stays', async (world) => {
    const instanceId = await world.createInstance({ ...FILE_PROPERTIES, description: 'd' });
    await apply(world, { items: [fileNode(instanceId, { description: null, mimeType: null })] });
    const file = await world.readFile({ instanceId });
    expectPart(file, { name: FILE_PROPERTIES.name });
    assert.ok(!('mimeType' in file));
  });
  documented('the same again: wasModified false; changed: true, with a higher version', async (world) => {
    const id = await fresh(world);
    const [first] = (await apply(world, { items: [fileNode(id)] })).items as [Instance];
    expectPart((await apply(world, { items: [fileNode(id)] })).items, [{ wasModified: false }]);
    const renamed = { ...FILE_PROPERTIES, name: 'renamed.jpg' };
    const [changed] = (await apply(world, { items: [fileNode(id, renamed)] })).items as [Instance];
    assert.ok(changed.wasModified && changed.version > first.version);
    expectPart(await world.readFile({ instanceId: id }), { name: 'renamed.jpg' });
    await remove(world, id);
  });
  documented('items: none and 1001 are answered 400', async (world) => {
    const { space } = await fresh(world);
    const items = Array.from({ length: 1001 }, (_, i) => node({ space, externalId: `many ${i}` }));
    for (const some of [[], items]) expectRefusal(await world.client.post(INSTANCES, { items: some }), 400);
  });
  inferred('a space that is not there is answered 400', async ({ client }) =>
    expectRefusal(await client.post(INSTANCES, { items: [fileNode({ space: 'of_nobody', externalId: 'a' })] }), 400),
  );
  ours('an edge, which lies outside of what is offered, is answered 400', async (world) => {
    const { space } = await fresh(world);
    const end = { space, externalId: 'a' };
    const edge = { instanceType: 'edge', ...end, type: end, startNode: end, endNode: end };
    expectRefusal(await world.client.post(INSTANCES, { items: [edge] }), 400);
  });
  ours('another view, which lies outside of what is offered, is answered 400', async (world) => {
    const source = { type: 'view', space: 'cdf_cdm', externalId: 'CogniteAsset', version: 'v1' };
    const item = { ...node(await fresh(world)), sources: [{ source, properties: { name: 'a' } }] };
    expectRefusal(await world.client.post(INSTANCES, { items: [item] }), 400);
  });

  documented('byids: properties under cdf_cdm, CogniteFile/v1', async (world) => {
    const id = await world.createInstance(FILE_PROPERTIES);
    const [found] = (await byIds(world, [node(id)])) as [Instance];
    expectPart(found, { ...node(id), properties: { cdf_cdm: { 'CogniteFile/v1': FILE_PROPERTIES } } });
  });
  documented('byids: isUploaded and uploadedTime once there is content', async (world) => {
    const id = await world.createInstance(FILE_PROPERTIES);
    const upload = { items: [{ instanceId: id }] };
    const { items } = await world.client.create<Items<{ uploadUrl: string }>>('/files/uploadlink', upload);
    await world.client.send('PUT', items[0]!.uploadUrl, Buffer.from('content'), { headers: [] });
    const [found] = (await byIds(world, [node(id)])) as [Instance];
    const { isUploaded, uploadedTime } = found.properties!.cdf_cdm!['CogniteFile/v1']!;
    assert.equal(isUploaded, true);
    assert.equal(typeof uploadedTime, 'string');
  });
  documented('byids: without sources there are no properties', async (world) => {
    const id = await world.createInstance();
    const [found] = (await world.client.create<Items<Instance>>(`${INSTANCES}/byids`, { items: [node(id)] })).items;
    expectPart(found, node(id));
    assert.equal(found!.properties?.cdf_cdm, undefined);
  });
  observed('byids: an unknown node is left out', async (world) => {
    const [known, unknown] = [await world.createInstance(), await fresh(world)];
    const found = await byIds(world, [node(unknown), node(known)]);
    assert.deepEqual(
      found.map(({ externalId }) => externalId),
      [known.externalId],
    );
  });
  documented('list: the nodes of a view', async (world) => {
    const { externalId } = await world.createInstance();
    const body = { instanceType: 'node', sources: [{ source: FILE_VIEW }], limit: 1000 };
    const { items } = await world.client.create<Items<Instance>>(`${INSTANCES}/list`, body);
    expectThat(
      items.some((item) => item.externalId === externalId),
      'the node is not in the list',
    );
  });
  documented('delete: answers what was deleted, and the file is gone', async (world) => {
    const id = await world.createInstance();
    const { id: fileId } = await world.readFile({ instanceId: id });
    expectPart((await remove(world, id)).items, [node(id)]);
    assert.deepEqual(await byIds(world, [node(id)]), []);
    expectRefusal(await world.client.post('/files/byids', { items: [{ id: fileId }] }), 400);
  });
});
