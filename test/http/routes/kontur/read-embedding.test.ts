import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FORBIDDEN_MESSAGE } from '../../../../src/auth/authorise.ts';
import { createEngine } from '../../../../src/engine/create-engine.ts';
import type { Engine } from '../../../../src/engine/engine.ts';
import { readRulesVersion } from '../../../../src/engine/read-rules-version.ts';
import { createApp } from '../../../../src/http/create-app.ts';
import { engineSettings } from '../../../../testing/engine-settings.ts';
import { createAnswerCheck } from '../../check-answer.ts';
import { type AccessApp, startAccessApp } from '../../start-access-app.ts';

const TENSOR_BYTES = 256 * 64 * 64 * 2;

let engine: Engine;
let t: AccessApp;
let photo: number;
beforeAll(async () => {
  engine = createEngine({ settings: engineSettings({ threads: 2 }), embeddingCacheBytes: 3 * TENSOR_BYTES });
  t = await startAccessApp({}, { engine });
  const pixels = sharp({ create: { width: 300, height: 200, channels: 3, background: '#567' } });
  // On its side: upright it is 200 x 300.
  photo = await upload('photo.jpg', await pixels.jpeg().withMetadata({ orientation: 6 }).toBuffer(), 5);
});
afterAll(async () => {
  await t?.close();
  await engine?.close();
});

async function upload(name: string, payload: Buffer | string | undefined, dataSetId?: number): Promise<number> {
  const asked = await t.as('north', 'admins')({ method: 'POST', url: '/files', payload: { name, dataSetId } });
  const { id, uploadUrl } = asked.json();
  if (payload !== undefined) await t.app.inject({ method: 'PUT', url: uploadUrl, payload });
  return id;
}

const plain = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#567' } });
const url = (id: number | string) => `/kontur/files/${id}/embedding`;
const read = (id: number | string, ...groups: string[]) =>
  t.as('north', ...(groups.length > 0 ? groups : ['admins']))({ url: url(id) });

describe('an embedding', () => {
  it('comes with everything that a decoder elsewhere has to know', async () => {
    const answer = await read(photo);
    expect(answer.statusCode).toBe(200);
    const check = createAnswerCheck((await t.app.inject('/openapi.json')).json());
    check('GET', `/api/v1/projects/north${url(photo)}`, answer);
    const { precision } = await engine.describe();
    expect(answer.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': String(TENSOR_BYTES),
      'cache-control': 'private, no-cache',
      'kontur-rules': await readRulesVersion(),
      'kontur-model': `mobilesam; precision=${precision}`,
      'kontur-image-width': '200',
      'kontur-image-height': '300',
      'kontur-model-side': '1024',
      'kontur-model-width': '683',
      'kontur-model-height': '1024',
    });
    expect(JSON.parse(String(answer.headers['kontur-tensors']))).toEqual([
      { name: 'image_embeddings', dtype: 'float16', shape: [1, 256, 64, 64], offset: 0, bytes: TENSOR_BYTES },
    ]);
  });

  it('is the one that prompts are decoded on', async () => {
    const { payload, rawPayload } = await read(photo);
    expect(payload.length).toBeGreaterThan(0);
    const [file] = await t.test.dependencies.files.find('north', [{ id: photo }], { ignoreUnknownIds: false });
    const { blobKey, sha256: contentHash } = file!.content!;
    const localPath = path.join(t.test.dataDir, 'blobs', blobKey.slice(0, 2), blobKey);
    const { embedding } = await engine.readEmbedding({ path: localPath, contentHash });
    const { data } = embedding.image_embeddings!;
    expect(Buffer.compare(rawPayload, Buffer.from(data.buffer, data.byteOffset, data.byteLength))).toBe(0);
  });

  it('is sent once: who has it already is told that nothing has changed', async () => {
    const { etag } = (await read(photo)).headers;
    const asking = (id: number, ...groups: string[]) =>
      t.as('north', ...groups)({ url: url(id), headers: { 'if-none-match': String(etag) } });
    const again = await asking(photo, 'admins');
    expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', etag]);
    expect(again.headers['kontur-rules']).toBe(await readRulesVersion());
    expect((await asking(photo, 'nobody')).statusCode, 'without rights').toBe(403);
    const other = await upload('other.png', await plain(100, 100).png().toBuffer());
    expect((await asking(other, 'admins')).statusCode, 'of another photo').toBe(200);
  });

  it('is described in the API, headers and all', async () => {
    const { paths } = (await t.app.inject('/openapi.json')).json();
    const operation = paths['/api/v1/projects/{project}/kontur/files/{fileId}/embedding'].get;
    expect(operation.operationId).toBe('readEmbedding');
    expect(Object.keys(operation.responses[200].headers)).toContain('kontur-tensors');
  });
});

describe('the embedding of a window', () => {
  let large: number;
  beforeAll(async () => {
    large = await upload('large.png', await plain(2400, 400).png().toBuffer(), 5);
  });
  const readWindow = (id: number, window: string, ...groups: string[]) =>
    t.as('north', ...(groups.length > 0 ? groups : ['admins']))({ url: `${url(id)}?window=${window}` });

  it('is that of a part of the photo, as a prompt there is decoded on', async () => {
    const whole = await read(large);
    const answer = await readWindow(large, '160,80,320,320');
    expect(answer.headers).toMatchObject({
      'kontur-image-width': '320',
      'kontur-image-height': '320',
      'kontur-model-width': '1024',
      'kontur-model-height': '1024',
    });
    expect(answer.headers.etag).toBe(String(whole.headers.etag).replace(/"$/, '.160,80,320,320"'));
    expect(answer.rawPayload).toHaveLength(TENSOR_BYTES);
    expect(answer.rawPayload.equals(whole.rawPayload)).toBe(false);
  });

  it('needs READ on the photo', async () => {
    expect((await readWindow(large, '0,0,320,320', 'set-6-readers')).statusCode).toBe(403);
  });

  it.each(['0,0,100,100', '1,0,320,320', '2240,0,320,320', '0,0,640,600,', '0,0,1280,600', '-160,0,320,320', 'all'])(
    'is none for %s, to which no prompt leads',
    async (window) => {
      const answer = await readWindow(large, window);
      expect([answer.statusCode, answer.json().error.message]).toEqual([400, expect.stringContaining('window')]);
    },
  );

  it('is none in a photo that is seen whole, nor where all are', async () => {
    const small = await readWindow(photo, '0,0,320,320');
    expect([small.statusCode, small.json().error.message]).toEqual([400, expect.stringContaining('200 x 300')]);
    const { dependencies } = t.test;
    const settings = { ...dependencies.settings, detailWindows: false };
    const app = await createApp({ ...dependencies, engine, settings });
    const created = await t.test.request({ method: 'POST', url: '/files', payload: { name: 'photo.jpg' } });
    const address = `/api/v1/projects/demo${url(created.json().id)}?window=0,0,320,320`;
    const answer = await app.inject({ url: address, headers: { authorization: `Bearer ${t.test.token}` } });
    expect([answer.statusCode, answer.json().error.message]).toEqual([
      400,
      expect.stringContaining('KONTUR_DETAIL_WINDOWS'),
    ]);
    await app.close();
  });
});

describe('access', () => {
  const forbidden = { error: { code: 403, message: FORBIDDEN_MESSAGE } };

  it('needs READ on the file', async () => {
    for (const groups of [['readers'], ['set-5']]) expect((await read(photo, ...groups)).statusCode).toBe(200);
    for (const groups of [['set-6-readers'], ['nodes-of-yard'], ['nobody']]) {
      const answer = await read(photo, ...groups);
      expect([groups, answer.statusCode, answer.json()]).toEqual([groups, 403, forbidden]);
    }
  });

  it('is asked about on every request, so that a file which moves takes its embedding along', async () => {
    const admin = t.as('north', 'admins');
    const move = (dataSetId: number) =>
      admin({
        method: 'POST',
        url: '/files/update',
        payload: { items: [{ id: photo, update: { dataSetId: { set: dataSetId } } }] },
      });
    expect((await move(6)).statusCode).toBe(200);
    expect((await read(photo, 'set-5')).statusCode).toBe(403);
    expect((await read(photo, 'set-6-readers')).statusCode).toBe(200);
    await move(5);
  });

  it('is for nobody without a token, nor from another project', async () => {
    const anonymous = await t.app.inject({ url: `/api/v1/projects/north${url(photo)}` });
    expect(anonymous.statusCode).toBe(401);
    const other = await t.as('south', 'admins')({ url: url(photo) });
    expect([other.statusCode, other.json().error.missing]).toEqual([400, [{ id: photo }]]);
  });
});

describe('there is none', () => {
  it.each<[string, string, Buffer | string | undefined, RegExp]>([
    ['of a file without content', 'empty.jpg', undefined, /never uploaded/],
    ['of a file that is named like no image', 'notes.txt', 'text', /must have a name that ends in/],
    ['of what is no image', 'notes.jpg', 'these are just words', /neither JPEG nor PNG|not/],
    ['of half an image', 'half.png', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), /.+/],
  ])('%s: 400 says why', async (_, name, content, reason) => {
    const answer = await read(await upload(name, content));
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error.message).toMatch(reason);
  });

  it('of an image with too many pixels', async () => {
    const large = sharp({ create: { width: 2000, height: 1000, channels: 3, background: '#567' } });
    const answer = await read(await upload('large.png', await large.png().toBuffer()));
    expect([answer.statusCode, answer.json().error.message]).toEqual([400, expect.stringContaining('pixels')]);
  });

  it.each([
    ['an unknown file', 999_999],
    ['an id that is none', 'photo'],
  ])('for %s: 400', async (_, id) => {
    expect((await read(id)).statusCode).toBe(400);
  });

  it('where no engine runs: 503', async () => {
    const app = await createApp({ ...t.test.dependencies, engine: undefined });
    const address = `/api/v1/projects/demo${url(photo)}`;
    const created = await t.test.request({ method: 'POST', url: '/files', payload: { name: 'photo.jpg' } });
    const headers = { authorization: `Bearer ${t.test.token}` };
    const answer = await app.inject({ url: address.replace(String(photo), String(created.json().id)), headers });
    expect(answer.statusCode).toBe(503);
    await app.close();
  });

  it('for more than a few dozen at once: 429 with the time to wait', async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, () => read(photo)));
    const statuses = answers.map(({ statusCode }) => statusCode);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(36);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect(answers.find(({ statusCode }) => statusCode === 429)!.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    expect((await read(photo)).statusCode, 'afterwards').toBe(200);
  });
});
