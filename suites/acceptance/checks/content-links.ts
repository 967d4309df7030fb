import assert from 'node:assert/strict';
import { checksOf } from '../check.ts';
import { expectPart, expectRefusal, expectStatus, expectThat } from '../expect.ts';
import type { HeaderLine } from '../send-request.ts';
import type { World } from '../world.ts';

const CONTENT = Buffer.from([0, 1, 2, 253, 254, 255, ...Buffer.from('content')]);
const BINARY: HeaderLine[] = [['Content-Type', 'application/octet-stream']];

const uploaded = (world: World) =>
  world.once('uploaded file', () =>
    world.uploadFile(CONTENT, { name: 'a "b".png', mimeType: 'image/png', externalId: world.name() }),
  );
const downloadLinks = async (world: World, ...references: object[]) => {
  const body = { items: references };
  return (await world.client.create<{ items: { downloadUrl: string }[] }>('/files/downloadlink', body)).items;
};
const download = async (world: World, reference: object) => {
  const [link] = await downloadLinks(world, reference);
  return world.client.get(link!.downloadUrl, { token: null });
};
/** The link with one character of its last parameter changed. */
const tampered = (link: string) => {
  const at = link.length - 12;
  return link.slice(0, at) + (link[at] === 'A' ? 'B' : 'A') + link.slice(at + 1);
};

export const uploadChecks = checksOf('PUT uploadUrl', ({ documented, observed, ours }) => {
  documented('is answered 200 or 201', async (world) => void (await uploaded(world)));
  documented('the file reads as uploaded, with uploadedTime', async (world) => {
    const { id } = await uploaded(world);
    const { uploaded: flag, uploadedTime } = await world.readFile({ id });
    assert.equal(flag, true);
    expectThat(Math.abs(uploadedTime! - Date.now()) < 3_600_000, `uploadedTime is ${uploadedTime}`);
  });
  observed('lastUpdatedTime stays as it was', async (world) => {
    const { id, lastUpdatedTime } = await uploaded(world);
    expectPart(await world.readFile({ id }), { lastUpdatedTime });
  });
  observed('a bearer token, good or bad, makes no difference', async (world) => {
    const { uploadUrl } = await world.createFile();
    for (const token of [null, 'bad', world.client.token]) {
      expectStatus(await world.client.send('PUT', uploadUrl, CONTENT, { headers: BINARY, token }), 200, 201);
    }
  });
  observed('the same link takes the content again, as a client that retries sends it', async (world) => {
    const { id, uploadUrl } = await world.uploadFile(Buffer.from('first'));
    expectStatus(await world.client.send('PUT', uploadUrl, Buffer.from('second'), { headers: BINARY }), 200, 201);
    assert.equal((await download(world, { id })).text, 'second');
  });
  observed('any Content-Type is accepted, or none, and the bytes are kept as sent', async (world) => {
    for (const headers of [[['Content-Type', 'application/json']], [['Content-Type', 'text/xml']], []] as const) {
      const { id, uploadUrl } = await world.createFile();
      expectStatus(await world.client.send('PUT', uploadUrl, Buffer.from('{"a":'), { headers }), 200, 201);
      assert.equal((await download(world, { id })).text, '{"a":');
    }
  });
  ours('an empty content is accepted', async (world) => {
    const { id } = await world.uploadFile(new Uint8Array());
    assert.equal((await world.readFile({ id })).uploaded, true);
  });
  ours('a link with a wrong signature is answered 403', async (world) => {
    const { uploadUrl } = await world.createFile();
    expectRefusal(await world.client.send('PUT', tampered(uploadUrl), CONTENT, { headers: BINARY }), 403);
  });
  ours('a download link is no upload link: 403', async (world) => {
    const [link] = await downloadLinks(world, { id: (await uploaded(world)).id });
    expectRefusal(await world.client.send('PUT', link!.downloadUrl, CONTENT, { headers: BINARY }), 403);
  });
  ours('an upload to a file that was deleted is answered 400 with missing', async (world) => {
    const { id, uploadUrl } = await world.createFile();
    await world.client.create('/files/delete', { items: [{ id }] });
    const answer = await world.client.send('PUT', uploadUrl, CONTENT, { headers: BINARY });
    expectRefusal(answer, 400, { missing: [{ id }] });
  });
});

export const downloadChecks = checksOf('POST /files/downloadlink', ({ documented, inferred, observed, ours }) => {
  documented('items: the file under the identifier it was asked for by, and downloadUrl', async (world) => {
    const { id, externalId } = await uploaded(world);
    const other = await world.uploadFile(Buffer.from('other'));
    for (const references of [[{ id }, { id: other.id }], [{ externalId }]]) {
      const links = await downloadLinks(world, ...references);
      for (const { downloadUrl } of links) assert.match(downloadUrl, /^https?:\/\//);
      assert.deepEqual(
        links.map(({ downloadUrl: _, ...asked }) => asked),
        references,
      );
    }
  });
  documented('items: by instanceId', async (world) => {
    const instanceId = await world.createInstance();
    const upload = await world.client.create<{ items: { uploadUrl: string }[] }>('/files/uploadlink', {
      items: [{ instanceId }],
    });
    await world.client.send('PUT', upload.items[0]!.uploadUrl, CONTENT, { headers: BINARY });
    expectPart(await downloadLinks(world, { instanceId }), [{ instanceId }]);
  });
  documented('downloadUrl gives the bytes as they were uploaded, without a token', async (world) => {
    const answer = await download(world, { id: (await uploaded(world)).id });
    expectStatus(answer, 200);
    assert.deepEqual(answer.bytes, CONTENT);
  });
  observed('downloadUrl with a bearer token, good or bad, makes no difference', async (world) => {
    const [link] = await downloadLinks(world, { id: (await uploaded(world)).id });
    for (const token of ['bad', world.client.token]) {
      expectStatus(await world.client.get(link!.downloadUrl, { token }), 200);
    }
  });
  documented('extendedExpiration is accepted', async (world) => {
    const { id } = await uploaded(world);
    for (const value of ['true', 'false']) {
      const route = `/files/downloadlink?extendedExpiration=${value}`;
      expectStatus(await world.client.post(route, { items: [{ id }] }), 200);
    }
  });
  documented('1 to 100 files: none and 101 are answered 400', async ({ client }) => {
    const ids = Array.from({ length: 101 }, (_, i) => ({ id: 999_000 + i }));
    expectRefusal(await client.post('/files/downloadlink', { items: [] }), 400, { missing: undefined });
    expectRefusal(await client.post('/files/downloadlink', { items: ids }), 400, { missing: undefined });
  });
  observed('an unknown file is answered 400 with missing', async ({ client }) => {
    const items = [{ id: 999_991 }];
    expectRefusal(await client.post('/files/downloadlink', { items }), 400, { missing: items });
  });
  inferred('a file without content is answered 400', async (world) => {
    const { id } = await world.createFile();
    expectRefusal(await world.client.post('/files/downloadlink', { items: [{ id }] }), 400);
  });
  ours('a link with a wrong signature is answered 403', async (world) => {
    const [link] = await downloadLinks(world, { id: (await uploaded(world)).id });
    expectRefusal(await world.client.get(tampered(link!.downloadUrl)), 403);
  });
  ours('an upload link is no download link: 403', async (world) =>
    expectRefusal(await world.client.get((await world.createFile()).uploadUrl), 403),
  );
  ours('a browser saves the content under its name instead of showing it', async (world) => {
    const { headers } = await download(world, { id: (await uploaded(world)).id });
    assert.match(String(headers['content-disposition']), /^attachment; filename=/);
    assert.match(String(headers['content-security-policy']), /sandbox/);
    assert.equal(headers['content-type'], 'image/png');
  });
});
