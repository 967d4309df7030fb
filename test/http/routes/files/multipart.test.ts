import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, startTestApp, type TestApp } from '../../start-test-app.ts';

const LARGE = randomBytes(1_000_000);
const LIMIT = LARGE.length + 1000;
let t: TestApp;
beforeAll(async () => {
  t = await startTestApp({ settings: { maxUploadBytes: LIMIT } });
});
afterAll(() => t?.close());

const post = (url: string, payload: object) => t.request({ method: 'POST', url: `/files${url}`, payload });
const put = (url: string, payload: Buffer | string) => t.send({ method: 'PUT', url, payload });
const start = async (payload: object, parts: number, query = '') =>
  (await post(`/initmultipartupload?parts=${parts}${query}`, payload)).json();
const complete = (reference: object, uploadId: string) => post('/completemultipartupload', { ...reference, uploadId });
async function download(id: number): Promise<Buffer> {
  const { items } = (await post('/downloadlink', { items: [{ id }] })).json();
  return (await t.send({ url: items[0].downloadUrl })).rawPayload;
}

function expectRefusal(answer: Answer, status: number, message: unknown, more: object = {}) {
  expect(answer.json()).toEqual({ error: { code: status, message, ...more } });
  expect(answer.statusCode).toBe(status);
}

describe('POST /files/initmultipartupload', () => {
  it('answers 201 with the file and a link for each part, flat and in items', async () => {
    const answer = await post('/initmultipartupload?overwrite=false&parts=3', {
      name: 'big.png',
      mimeType: 'image/png',
    });
    expect(answer.statusCode).toBe(201);
    const { items, ...flat } = answer.json();
    expect(items).toEqual([flat]);
    expect(flat).toMatchObject({ name: 'big.png', mimeType: 'image/png', uploaded: false, id: expect.any(Number) });
    expect(flat.uploadId).toMatch(/^[\w-]+$/);
    expect(new Set(flat.uploadUrls).size).toBe(3);
    for (const url of flat.uploadUrls) {
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:8321\/api\/v1\/files\/storage\/content\?sig=[\w.-]+$/);
    }
  });

  it('gives links that are good for a week', async () => {
    const { uploadUrls } = await start({ name: 'a.jpg' }, 1);
    const claims = new URL(uploadUrls[0]).searchParams.get('sig')!.split('.')[1]!;
    const { exp } = JSON.parse(Buffer.from(claims, 'base64url').toString());
    expect(Math.abs(exp - Date.now() / 1000 - 7 * 24 * 3600)).toBeLessThan(60);
  });

  it.each([
    ['', /^The query must have parts\.$/],
    ['?parts=0', /^parts must be at least 1, got 0/],
    ['?parts=251', /^parts must be at most 250, got 251/],
    ['?parts=2.5', /^parts must be a whole number, got "2.5"/],
  ])('refuses the query %j', async (query, message) => {
    expectRefusal(await post(`/initmultipartupload${query}`, { name: 'a' }), 400, expect.stringMatching(message));
  });

  it('takes 250 parts', async () => {
    expect((await start({ name: 'a.jpg' }, 250)).uploadUrls).toHaveLength(250);
  });

  it('overwrites by externalId, and keeps the old content until the upload is completed', async () => {
    const first = (await post('', { name: 'old.jpg', externalId: 'big' })).json();
    await put(first.uploadUrl, 'old');
    expectRefusal(
      await post('/initmultipartupload?parts=1', { name: 'new.jpg', externalId: 'big' }),
      409,
      'A file with externalId big exists already. Post with overwrite=true to replace it.',
      { duplicated: [{ externalId: 'big' }] },
    );
    const { id, uploadId, uploadUrls } = await start({ name: 'new.jpg', externalId: 'big' }, 1, '&overwrite=true');
    expect(id).toBe(first.id);
    await put(uploadUrls[0], 'new');
    expect((await download(id)).toString()).toBe('old');
    expect((await complete({ externalId: 'big' }, uploadId)).statusCode).toBe(200);
    expect((await download(id)).toString()).toBe('new');
  });
});

describe('the parts', () => {
  it('in any order come out as they went in', async () => {
    const { id, uploadId, uploadUrls } = await start({ name: 'big.png' }, 3);
    const parts = [LARGE, Buffer.concat([LARGE, Buffer.from('more')]), randomBytes(99)];
    await put(uploadUrls[1], 'too small, and put again');
    for (const index of [2, 0, 1]) {
      const answer = await put(uploadUrls[index], parts[index]!);
      expect([answer.statusCode, answer.json()]).toEqual([200, {}]);
    }
    expect((await t.request({ url: `/files/${id}` })).json().uploaded).toBe(false);
    for (let n = 0; n < 2; n++) {
      const answer = await complete({ id }, uploadId);
      expect([answer.statusCode, answer.json()]).toEqual([200, {}]);
    }
    expect((await t.request({ url: `/files/${id}` })).json()).toMatchObject({ uploaded: true });
    const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    expect(sha256(await download(id))).toBe(sha256(Buffer.concat(parts)));
  });

  it('that are missing or too large are named', async () => {
    const { id, uploadId, uploadUrls } = await start({ name: 'a.jpg' }, 2);
    await put(uploadUrls[0], 'x');
    expectRefusal(await complete({ id }, uploadId), 400, expect.stringMatching(/then complete again: part 2\.$/));
    expectRefusal(
      await put(uploadUrls[1], Buffer.alloc(LIMIT + 1)),
      413,
      `The upload is larger than the limit of ${LIMIT} bytes.`,
    );
  });

  it('cannot be put when the upload is completed, or a newer link was made', async () => {
    const { id, uploadId, uploadUrls } = await start({ name: 'a.jpg' }, 1);
    await put(uploadUrls[0], 'x');
    await complete({ id }, uploadId);
    expectRefusal(
      await put(uploadUrls[0], 'y'),
      403,
      'This multipart upload has been completed. Begin a new one to replace the content.',
    );
    await post('/uploadlink', { items: [{ id }] });
    const newer = 'A newer upload link was made for this file. Upload to that one.';
    expectRefusal(await put(uploadUrls[0], 'y'), 403, newer);
    expect((await download(id)).toString()).toBe('x');
  });

  it('are not taken for another file, another part or another upload', async () => {
    const one = await start({ name: 'one.jpg' }, 2);
    const two = await start({ name: 'two.jpg' }, 2);
    const { links } = t.dependencies;
    const forge = (link: object) =>
      links.sign({ kind: 'upload', project: 'demo', fileId: one.id, uploadGeneration: 1, ...link }, 10_000);
    const base = one.uploadUrls[0].split('?')[0];
    const crossed = await forge({ multipart: { uploadId: two.uploadId, part: 1 } });
    expectRefusal(await put(`${base}?sig=${crossed}`, 'x'), 400, expect.stringMatching(/has no multipart upload/));
    expectRefusal(await complete({ id: one.id }, two.uploadId), 400, expect.stringMatching(/has no multipart upload/));
    expectRefusal(await complete({ id: one.id }, 'nonsense'), 400, expect.stringMatching(/has no multipart upload/));
    const [head, claims, signature] = new URL(one.uploadUrls[0]).searchParams.get('sig')!.split('.');
    const other = JSON.parse(Buffer.from(claims!, 'base64url').toString());
    const forged = Buffer.from(JSON.stringify({ ...other, multipart: { ...other.multipart, part: 2 } })).toString(
      'base64url',
    );
    expectRefusal(
      await put(`${base}?sig=${head}.${forged}.${signature}`, 'x'),
      403,
      'The upload link is wrong or has expired. Ask for a new one.',
    );
  });

  it('of one project are nothing to another', async () => {
    const { id, uploadId, uploadUrls } = await start({ name: 'a.jpg', externalId: 'secret' }, 1);
    await put(uploadUrls[0], 'x');
    const other = (url: string, payload: object) => t.requestOther({ method: 'POST', url: `/files${url}`, payload });
    expectRefusal(await other('/completemultipartupload', { id, uploadId }), 400, `File ids not found: ${id}`, {
      missing: [{ id }],
    });
    const theirs = (await other('', { name: 'b.jpg' })).json();
    expectRefusal(
      await other('/completemultipartupload', { id: theirs.id, uploadId }),
      400,
      expect.stringMatching(/has no multipart upload/),
    );
    for (const operation of ['/uploadlink', '/multiuploadlink?parts=1']) {
      expectRefusal(await other(operation, { items: [{ externalId: 'secret' }] }), 400, 'Files ids not found: secret', {
        missing: [{ externalId: 'secret' }],
      });
    }
    expect((await complete({ id }, uploadId)).statusCode).toBe(200);
  });
});

describe('POST /files/completemultipartupload', () => {
  it('refuses an uploadId that cannot be stored, and so names no upload', async () => {
    const { id } = await start({ name: 'a.jpg' }, 1);
    for (const uploadId of ['\0', 'a\0b', '\ud800']) {
      const message = 'uploadId holds a character that cannot be stored: U+0000 or half of a surrogate pair.';
      expectRefusal(await complete({ id }, uploadId), 400, message);
    }
  });
  it.each([
    [{ id: 1 }, 'The body must have uploadId.'],
    [{ uploadId: 'a' }, 'The body must have exactly one of id, externalId, instanceId, got none.'],
    [
      { id: 1, externalId: 'a', uploadId: 'a' },
      'The body must have exactly one of id, externalId, instanceId, got id and externalId.',
    ],
  ])('refuses %j', async (body, message) => {
    expectRefusal(await post('/completemultipartupload', body), 400, message);
  });
});

describe.each(['/uploadlink', '/multiuploadlink?parts=2'])('POST /files%s', (operation) => {
  it('answers 200 with the file and its links, flat and in items, by any kind of id', async () => {
    const { uploadUrl, ...file } = (await post('', { name: 'a.jpg', externalId: `by ${operation}` })).json();
    for (const reference of [{ externalId: file.externalId }, { id: file.id }]) {
      const answer = await post(operation, { items: [reference] });
      expect(answer.statusCode).toBe(200);
      const { items, ...flat } = answer.json();
      expect(items).toEqual([flat]);
      expect(flat).toMatchObject(file);
    }
    expectRefusal(await put(uploadUrl, 'x'), 403, 'A newer upload link was made for this file. Upload to that one.');
  });

  it('refuses no file, two files, and unknown ones', async () => {
    expectRefusal(await post(operation, { items: [] }), 400, 'items must have at least 1 item, got 0.');
    expectRefusal(
      await post(operation, { items: [{ id: 1 }, { id: 2 }] }),
      400,
      'items must have at most 1 item, got 2.',
    );
    const instanceId = { space: 'plant', externalId: 'node' };
    expectRefusal(await post(operation, { items: [{ instanceId }] }), 400, 'File instance ids not found: plant:node', {
      missing: [{ instanceId }],
    });
  });
});

it('a new upload link replaces the content, and only with the end of the upload', async () => {
  const { id, uploadUrl } = (await post('', { name: 'a.jpg', externalId: 'again' })).json();
  await put(uploadUrl, 'first');
  const link = (await post('/uploadlink', { items: [{ externalId: 'again' }] })).json();
  expect((await download(id)).toString()).toBe('first');
  await put(link.uploadUrl, 'second');
  expect((await download(id)).toString()).toBe('second');
});

it('a file by instance id is uploaded in parts like any other', async () => {
  const instanceId = { space: 'plant', externalId: 'photo 1' };
  const model = (url: string, items: object[]) =>
    t.request({ method: 'POST', url: `/models${url}`, payload: { items } });
  await model('/spaces', [{ space: instanceId.space }]);
  const source = { type: 'view', space: 'cdf_cdm', externalId: 'CogniteFile', version: 'v1' };
  const sources = [{ source, properties: { name: 'photo.jpg' } }];
  await model('/instances', [{ instanceType: 'node', ...instanceId, sources }]);
  const { id, uploadId, uploadUrls } = (await post('/multiuploadlink?parts=1', { items: [{ instanceId }] })).json();
  await put(uploadUrls[0], 'photo');
  expect((await complete({ instanceId }, uploadId)).statusCode).toBe(200);
  expect((await download(id)).toString()).toBe('photo');
});
