import assert from 'node:assert/strict';
import { checksOf } from '../check.ts';
import type { Answer } from '../client.ts';
import { expectPart, expectRefusal, expectStatus } from '../expect.ts';
import { firstProperties } from '../file-properties.ts';
import type { FileAnswer, Items } from '../wire.ts';
import type { World } from '../world.ts';

type References = (world: World, body: object) => Promise<Answer<Items<FileAnswer>>>;

/** Adds the checks that apply to every operation with a list of references. */
const addReferenceChecks = (mark: Parameters<Parameters<typeof checksOf>[1]>[0], send: References) => {
  const { documented, observed, ours } = mark;
  documented('items: none and 1001 are answered 400', async (world) => {
    const ids = Array.from({ length: 1001 }, (_, i) => ({ id: 990_000 + i }));
    expectRefusal(await send(world, { items: [] }), 400, { missing: undefined });
    expectRefusal(await send(world, { items: ids }), 400, { missing: undefined });
  });
  documented('items: 1000 are accepted', async (world) => {
    const items = Array.from({ length: 1000 }, (_, i) => ({ id: 990_000 + i }));
    expectStatus(await send(world, { items, ignoreUnknownIds: true }), 200);
  });
  documented('items: a file named by nothing or in two ways is answered 400', async (world) => {
    for (const item of [{}, { id: 1, externalId: 'a' }]) expectRefusal(await send(world, { items: [item] }), 400);
  });
  observed('unknown ids are answered 400, all of them in the message and in missing', async (world) => {
    const { id } = await world.createFile();
    const missing = [{ id: 999_991 }, { id: 999_992 }];
    const message = 'File ids not found: 999991, 999992';
    expectRefusal(await send(world, { items: [missing[0], { id }, missing[1]] }), 400, { message, missing });
  });
  observed('unknown externalIds are answered 400, all of them in the message and in missing', async (world) => {
    const missing = [{ externalId: world.name() }, { externalId: world.name() }];
    const message = `Files ids not found: ${missing.map(({ externalId }) => externalId).join(', ')}`;
    expectRefusal(await send(world, { items: missing }), 400, { message, missing });
  });
  observed('an id given twice is answered 409 with duplicated, before unknown ones are looked for', async (world) => {
    const items = [{ id: 999_991 }, { id: 999_991 }, { id: 999_992 }];
    const message = 'Duplicate ids: 999991';
    expectRefusal(await send(world, { items }), 409, { message, duplicated: [{ id: 999_991 }] });
  });
  observed('an externalId given twice is answered 409 with duplicated', async (world) => {
    const externalId = world.name();
    const items = [{ externalId }, { externalId }];
    const message = `Duplicate external ids: ${externalId}`;
    expectRefusal(await send(world, { items }), 409, { message, duplicated: [{ externalId }] });
  });
  ours('an id beyond 9007199254740991 is answered 400', async (world) =>
    expectRefusal(await send(world, { items: [{ id: 2 ** 53 }] }), 400, { missing: undefined }),
  );
};

const byIds: References = ({ client }, body) => client.post('/files/byids', body);

export const findFilesChecks = checksOf('POST /files/byids', (mark) => {
  const { documented, inferred } = mark;
  const three = (world: World) =>
    world.once('three files', async () => [
      await world.createFile({ ...firstProperties(), externalId: world.name() }),
      await world.createFile(),
      await world.createFile({ externalId: world.name() }),
    ]);
  documented('items: the files in the order asked for, by id and externalId', async (world) => {
    const [first, second, third] = (await three(world)) as [FileAnswer, FileAnswer, FileAnswer];
    const items = [{ externalId: third.externalId }, { id: first.id }, { id: second.id }];
    const answer = await byIds(world, { items });
    assert.deepEqual(
      answer.body.items.map(({ id }) => id),
      [third.id, first.id, second.id],
    );
  });
  documented('items: every property, as POST /files answered it', async (world) => {
    const [{ uploadUrl: _, ...file }] = (await three(world)) as [FileAnswer];
    assert.deepEqual((await byIds(world, { items: [{ id: file.id }] })).body.items, [file]);
  });
  documented('items: by instanceId', async (world) => {
    const instanceId = await world.createInstance();
    expectPart((await byIds(world, { items: [{ instanceId }] })).body.items, [{ instanceId }]);
  });
  documented('ignoreUnknownIds: unknown files are left out', async (world) => {
    const [{ id }] = (await three(world)) as [FileAnswer];
    const items = [{ id: 999_991 }, { id }, { externalId: world.name() }];
    const answer = await byIds(world, { items, ignoreUnknownIds: true });
    assert.deepEqual(
      answer.body.items.map((file) => file.id),
      [id],
    );
  });
  inferred('an unknown instanceId is answered 400 with missing', async (world) => {
    const missing = [{ instanceId: { space: 'nowhere', externalId: world.name() } }];
    expectRefusal(await byIds(world, { items: missing }), 400, { missing });
  });
  addReferenceChecks(mark, byIds);
});

export const getFileChecks = checksOf('GET /files/{id}', ({ documented, inferred }) => {
  documented('is answered 200 with the file', async (world) => {
    const { uploadUrl: _, ...file } = await world.createFile(firstProperties());
    assert.deepEqual((await world.client.get(`/files/${file.id}`)).body, file);
  });
  inferred('an unknown id is answered 400 with missing, not 404', async ({ client }) =>
    expectRefusal(await client.get('/files/999991'), 400, { missing: [{ id: 999_991 }] }),
  );
  inferred('an id that is no whole number is answered 400', async ({ client }) => {
    for (const id of ['abc', '1.5', '0']) expectRefusal(await client.get(`/files/${id}`), 400);
  });
});

const remove: References = ({ client }, body) => client.post('/files/delete', body);

export const deleteFilesChecks = checksOf('POST /files/delete', (mark) => {
  const { documented, ours } = mark;
  documented('is answered 200 with {}, and the files are gone', async (world) => {
    const byId = await world.createFile();
    const byExternalId = await world.createFile({ externalId: world.name() });
    const items = [{ id: byId.id }, { externalId: byExternalId.externalId }];
    const answer = await remove(world, { items });
    expectStatus(answer, 200);
    assert.deepEqual(answer.body, {});
    expectRefusal(await byIds(world, { items: [{ id: byId.id }, { id: byExternalId.id }] }), 400, {
      missing: [{ id: byId.id }, { id: byExternalId.id }],
    });
  });
  documented('the externalId is free again', async (world) => {
    const { id, externalId } = await world.createFile({ externalId: world.name() });
    await remove(world, { items: [{ id }] });
    await world.createFile({ externalId });
  });
  documented('ignoreUnknownIds: the others are deleted', async (world) => {
    const { id } = await world.createFile();
    expectStatus(await remove(world, { items: [{ id: 999_991 }, { id }], ignoreUnknownIds: true }), 200);
    expectRefusal(await byIds(world, { items: [{ id }] }), 400);
  });
  ours('with an unknown file among them, none is deleted', async (world) => {
    const { id } = await world.createFile();
    expectRefusal(await remove(world, { items: [{ id }, { id: 999_991 }] }), 400);
    expectStatus(await byIds(world, { items: [{ id }] }), 200);
  });
  ours('a download link of a deleted file gives nothing', async (world) => {
    const { id } = await world.uploadFile(Buffer.from('gone'));
    const body = { items: [{ id }] };
    const { items } = await world.client.create<Items<{ downloadUrl: string }>>('/files/downloadlink', body);
    await remove(world, { items: [{ id }] });
    expectRefusal(await world.client.get(items[0]!.downloadUrl), 400);
  });
  addReferenceChecks(mark, remove);
});
