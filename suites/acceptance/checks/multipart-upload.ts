import assert from 'node:assert/strict';
import { checksOf } from '../check.ts';
import { expectPart, expectRefusal, expectStatus } from '../expect.ts';
import type { Items, MultipartAnswer } from '../wire.ts';
import type { World } from '../world.ts';

/** Least size of a part but the last in the hosted API, in bytes (docs/contract.md#files-complete-multipart). */
const PART_BYTES = 5 * 1024 * 1024;
const INIT = '/files/initmultipartupload';
const COMPLETE = '/files/completemultipartupload';

const init = async (world: World, parts: number, properties: object = {}) => {
  const body = { name: world.name('.bin'), ...properties };
  const file = await world.client.create<MultipartAnswer>(`${INIT}?parts=${parts}`, body);
  return file;
};
const put = async (world: World, url: string, content: Uint8Array) =>
  expectStatus(await world.client.send('PUT', url, content, { headers: [] }), 200, 201);
const complete = ({ client }: World, { uploadId }: MultipartAnswer, reference: object) =>
  client.post(COMPLETE, { ...reference, uploadId });
const content = async (world: World, reference: object) => {
  const { items } = await world.client.create<Items<{ downloadUrl: string }>>('/files/downloadlink', {
    items: [reference],
  });
  return (await world.client.get(items[0]!.downloadUrl, { token: null })).bytes;
};
const remove = ({ client }: World, reference: object) => client.create('/files/delete', { items: [reference] });

export const initMultipartChecks = checksOf('POST /files/initmultipartupload', ({ documented, observed, inferred }) => {
  documented('is answered 201', async (world) => {
    const answer = await world.client.post<MultipartAnswer>(`${INIT}?parts=1`, { name: 'a.bin' });
    expectStatus(answer, 201);
    await remove(world, { id: answer.body.id });
  });
  observed('the file, uploadId and uploadUrls stand at top level', async (world) => {
    const { id, uploaded, uploadId, uploadUrls } = await init(world, 2, { mimeType: 'image/png' });
    assert.ok(Number.isSafeInteger(id) && uploaded === false && uploadId !== '');
    for (const url of uploadUrls) assert.match(url, /^https?:\/\//);
    await remove(world, { id });
  });
  documented('the same stands in items', async (world) => {
    const { items, ...file } = (await init(world, 1)) as MultipartAnswer & Items<MultipartAnswer>;
    assert.deepEqual(items, [file]);
    await remove(world, { id: file.id });
  });
  documented('uploadUrls: one for each of 1 to 250 parts, no two alike', async (world) => {
    const { id, uploadUrls } = await init(world, 250);
    assert.equal(new Set(uploadUrls).size, 250);
    await remove(world, { id });
  });
  documented('parts: 0, 251 and no number are answered 400', async ({ client }) => {
    for (const parts of ['0', '251', 'many', '1.5']) {
      expectRefusal(await client.post(`${INIT}?parts=${parts}`, { name: 'a.bin' }), 400);
    }
  });
  documented('overwrite acts as in POST /files', async (world) => {
    const externalId = world.name();
    const { id } = await world.createFile({ externalId });
    const body = { name: 'b.bin', externalId };
    expectRefusal(await world.client.post(`${INIT}?parts=1&overwrite=false`, body), 409);
    expectPart(await world.client.create(`${INIT}?parts=1&overwrite=true`, body), { id, name: 'b.bin' });
  });
  inferred('what POST /files refuses is refused here', async ({ client }) => {
    expectRefusal(await client.post(`${INIT}?parts=1`, {}), 400);
    expectRefusal(await client.post(`${INIT}?parts=1`, { name: 'a'.repeat(257) }), 400);
  });
});

export const completeMultipartChecks = checksOf('POST /files/completemultipartupload', (mark) => {
  const { documented, observed, inferred, ours } = mark;
  observed('is answered exactly 200, with {}', async (world) => {
    const file = await init(world, 1);
    await put(world, file.uploadUrls[0]!, Buffer.from('one part'));
    const answer = await complete(world, file, { id: file.id });
    expectStatus(answer, 200);
    assert.deepEqual(answer.body, {});
    await remove(world, { id: file.id });
  });
  documented('the content is that of the parts in their order, whatever order they came in', async (world) => {
    const file = await init(world, 3);
    const parts = [1, 2, 3].map((value) => Buffer.alloc(value === 3 ? 7 : PART_BYTES, value));
    for (const index of [2, 0, 1]) await put(world, file.uploadUrls[index]!, parts[index]!);
    expectStatus(await complete(world, file, { id: file.id }), 200);
    assert.ok((await content(world, { id: file.id })).equals(Buffer.concat(parts)));
    expectPart(await world.readFile({ id: file.id }), { uploaded: true });
    await remove(world, { id: file.id });
  });
  ours('a part before the last may be smaller than 5 MiB', async (world) => {
    const file = await init(world, 2);
    await put(world, file.uploadUrls[0]!, Buffer.from('ab'));
    await put(world, file.uploadUrls[1]!, Buffer.from('cd'));
    expectStatus(await complete(world, file, { id: file.id }), 200);
    assert.equal(String(await content(world, { id: file.id })), 'abcd');
    await remove(world, { id: file.id });
  });
  documented('the file may be named by externalId', async (world) => {
    const externalId = world.name();
    const file = await init(world, 1, { externalId });
    await put(world, file.uploadUrls[0]!, Buffer.from('a'));
    expectStatus(await complete(world, file, { externalId }), 200);
    await remove(world, { externalId });
  });
  documented('the file has no content before', async (world) => {
    const file = await init(world, 1);
    await put(world, file.uploadUrls[0]!, Buffer.from('a'));
    expectPart(await world.readFile({ id: file.id }), { uploaded: false });
    await remove(world, { id: file.id });
  });
  observed('a part that is sent again replaces the first, as a client that retries sends it', async (world) => {
    const file = await init(world, 1);
    await put(world, file.uploadUrls[0]!, Buffer.from('first'));
    await put(world, file.uploadUrls[0]!, Buffer.from('second'));
    expectStatus(await complete(world, file, { id: file.id }), 200);
    assert.equal(String(await content(world, { id: file.id })), 'second');
    await remove(world, { id: file.id });
  });
  inferred('a part that is missing is answered 400, and the upload can go on', async (world) => {
    const file = await init(world, 2);
    await put(world, file.uploadUrls[1]!, Buffer.from('b'));
    expectRefusal(await complete(world, file, { id: file.id }), 400);
    await put(world, file.uploadUrls[0]!, Buffer.alloc(PART_BYTES, 'a'));
    expectStatus(await complete(world, file, { id: file.id }), 200);
    await remove(world, { id: file.id });
  });
  inferred('an unknown uploadId is answered 400', async (world) => {
    const file = await init(world, 1);
    expectRefusal(await complete(world, { ...file, uploadId: 'of-nobody' }, { id: file.id }), 400);
    await remove(world, { id: file.id });
  });
  ours('the uploadId of another file is answered 400', async (world) => {
    const [one, other] = [await init(world, 1), await init(world, 1)];
    await put(world, one.uploadUrls[0]!, Buffer.from('a'));
    expectRefusal(await complete(world, one, { id: other.id }), 400);
    await world.client.create('/files/delete', { items: [{ id: one.id }, { id: other.id }] });
  });
  inferred('an unknown file is answered 400 with missing', async ({ client }) => {
    const answer = await client.post(COMPLETE, { id: 999_991, uploadId: 'a' });
    expectRefusal(answer, 400, { missing: [{ id: 999_991 }] });
  });
});

export const uploadLinkChecks = checksOf('POST /files/uploadlink', ({ documented, observed, inferred }) => {
  type Answer = MultipartAnswer & Items<MultipartAnswer>;
  documented('by externalId: uploadUrl takes the content', async (world) => {
    const { id, externalId } = await world.createFile({ externalId: world.name() });
    const { uploadUrl } = await world.client.create<Answer>('/files/uploadlink', { items: [{ externalId }] });
    await put(world, uploadUrl, Buffer.from('by link'));
    assert.equal(String(await content(world, { id })), 'by link');
  });
  documented('by instanceId: uploadUrl takes the content', async (world) => {
    const instanceId = await world.createInstance();
    const { uploadUrl } = await world.client.create<Answer>('/files/uploadlink', { items: [{ instanceId }] });
    await put(world, uploadUrl, Buffer.from('of a node'));
    assert.equal(String(await content(world, { instanceId })), 'of a node');
  });
  observed('the same stands in items', async (world) => {
    const { externalId } = await world.createFile({ externalId: world.name() });
    const { items, ...file } = await world.client.create<Answer>('/files/uploadlink', { items: [{ externalId }] });
    assert.deepEqual(items, [file]);
  });
  documented('exactly one file: none and two are answered 400', async (world) => {
    const files = [1, 2].map(() => world.createFile({ externalId: world.name() }));
    const items = (await Promise.all(files)).map(({ externalId }) => ({ externalId }));
    expectRefusal(await world.client.post('/files/uploadlink', { items: [] }), 400);
    expectRefusal(await world.client.post('/files/uploadlink', { items }), 400);
  });
  inferred('an unknown file is answered 400 with missing', async ({ client, name }) => {
    const items = [{ externalId: name() }];
    expectRefusal(await client.post('/files/uploadlink', { items }), 400, { missing: items });
  });
});

export const multiUploadLinkChecks = checksOf('POST /files/multiuploadlink', ({ documented, inferred }) => {
  documented('items: the file with uploadId and one of uploadUrls for each part', async (world) => {
    const { id, externalId } = await world.createFile({ externalId: world.name() });
    const body = { items: [{ externalId }] };
    const { items } = await world.client.create<Items<MultipartAnswer>>('/files/multiuploadlink?parts=2', body);
    const [file] = items as [MultipartAnswer];
    expectPart(file, { id, externalId });
    assert.equal(file.uploadUrls.length, 2);
    await put(world, file.uploadUrls[0]!, Buffer.alloc(PART_BYTES, 'a'));
    await put(world, file.uploadUrls[1]!, Buffer.from('b'));
    expectStatus(await complete(world, file, { id }), 200);
    assert.equal((await content(world, { id })).length, PART_BYTES + 1);
  });
  documented('by instanceId, completed by instanceId', async (world) => {
    const instanceId = await world.createInstance();
    const body = { items: [{ instanceId }] };
    const { items } = await world.client.create<Items<MultipartAnswer>>('/files/multiuploadlink?parts=1', body);
    await put(world, items[0]!.uploadUrls[0]!, Buffer.from('node'));
    expectStatus(await complete(world, items[0]!, { instanceId }), 200);
    assert.equal(String(await content(world, { instanceId })), 'node');
  });
  documented('parts: 0 and 251 are answered 400', async (world) => {
    const { externalId } = await world.createFile({ externalId: world.name() });
    for (const parts of [0, 251]) {
      const answer = await world.client.post(`/files/multiuploadlink?parts=${parts}`, { items: [{ externalId }] });
      expectRefusal(answer, 400);
    }
  });
  inferred('an unknown file is answered 400 with missing', async ({ client, name }) => {
    const items = [{ externalId: name() }];
    expectRefusal(await client.post('/files/multiuploadlink?parts=1', { items }), 400, { missing: items });
  });
});
