import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { checksOf } from '../check.ts';
import type { Answer } from '../client.ts';
import { expectRefusal, expectStatus, expectThat } from '../expect.ts';
import type { HeaderLine } from '../send-request.ts';
import type { FileAnswer, Items } from '../wire.ts';
import type { World } from '../world.ts';

const JSON_TYPE: HeaderLine = ['Content-Type', 'application/json'];
const LIST = '/files/list';
const MIB = 1024 * 1024;

/** Answers of several kinds: a success, refusals of several statuses, an unknown path. */
const answers = ({ client }: World): Promise<Answer<unknown>[]> =>
  Promise.all([
    client.post(LIST, { limit: 1 }),
    client.post(LIST, { limit: 0 }),
    client.post(LIST, {}, { token: null }),
    client.get('/an/operation/that/nobody/has'),
  ]);

const everyAnswerHas = (name: string, pattern: RegExp) => async (world: World) => {
  for (const { status, headers } of await answers(world)) {
    expectThat(pattern.test(String(headers[name])), `${name} of the ${status} is ${headers[name]}`);
  }
};

export const answerHeaderChecks = checksOf('every operation: headers of answers', ({ observed, inferred }) => {
  observed(
    'x-request-id is a UUID in lower case',
    everyAnswerHas('x-request-id', /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/),
  );
  observed('content-type is application/json', everyAnswerHas('content-type', /^application\/json\b/));
  observed('vary names Accept-Encoding', everyAnswerHas('vary', /\baccept-encoding\b/i));
  observed('strict-transport-security is there', everyAnswerHas('strict-transport-security', /max-age=\d+/));
  observed('x-content-type-options is nosniff', everyAnswerHas('x-content-type-options', /^nosniff$/));
  observed('x-frame-options is DENY', everyAnswerHas('x-frame-options', /^DENY$/));
  observed('cdf-is-auto-retryable is never there: its mere presence makes a client retry', async (world) => {
    for (const { headers } of await answers(world)) assert.equal(headers['cdf-is-auto-retryable'], undefined);
  });
  inferred('every request has its own x-request-id', async (world) => {
    const ids = (await answers(world)).map(({ headers }) => headers['x-request-id']);
    assert.equal(new Set(ids).size, ids.length);
  });
});

export const requestChecks = checksOf('every operation: requests', ({ documented, observed, inferred, ours }) => {
  documented('the error envelope holds code and message', async ({ client }) => {
    const { error } = (await client.post<{ error: object }>(LIST, { limit: 0 })).body;
    assert.deepEqual(Object.keys(error).sort(), ['code', 'message']);
  });
  observed('a gzip body is inflated, however small', async ({ client }) => {
    const headers: HeaderLine[] = [JSON_TYPE, ['Content-Encoding', 'gzip']];
    const body = gzipSync('{"limit":1}');
    const { body: page } = await client.post<Items<FileAnswer>>(LIST, body, { headers });
    expectThat(page.items.length <= 1, `limit 1 gave ${page.items.length} items`);
  });
  observed('a body may be pretty-printed', async ({ client }) => {
    expectStatus(await client.post(LIST, Buffer.from('{\n  "limit": 1\n}\n')), 200);
  });
  observed('a slash before the query makes no difference', async ({ client }) => {
    expectStatus(await client.get('/files/?limit=1'), 200);
  });
  observed('null stands for absent', async ({ client }) => {
    expectStatus(await client.post(LIST, { limit: null, cursor: null, filter: { name: null } }), 200);
  });
  for (const version of ['V20210406', '20230101', 'beta', '20230101-alpha', 'something else']) {
    observed(`cdf-version "${version}" is accepted`, async ({ client }) => {
      const headers: HeaderLine[] = [JSON_TYPE, ['cdf-version', version]];
      expectStatus(await client.post(LIST, { limit: 1 }, { headers }), 200);
    });
  }
  observed('no cdf-version is accepted', async ({ client }) => {
    expectStatus(await client.post(LIST, { limit: 1 }, { headers: [JSON_TYPE] }), 200);
  });
  ours('a content type with a charset is accepted', async ({ client }) => {
    const headers: HeaderLine[] = [['content-type', 'application/json; charset=utf-8']];
    expectStatus(await client.post(LIST, { limit: 1 }, { headers }), 200);
  });
  ours('unknown properties are accepted and not echoed', async (world) => {
    const file = await world.createFile({ colour: 'red' });
    expectThat(!('colour' in file), 'the answer has the unknown property');
  });
  ours('another content type than JSON is answered 415', async ({ client }) => {
    expectRefusal(await client.post(LIST, Buffer.from('<a/>'), { headers: [['Content-Type', 'text/xml']] }), 415);
  });
  inferred('a body that is no JSON is answered 400', async ({ client }) => {
    for (const text of ['', '{', '[1,]', '{"limit":1}}']) {
      expectRefusal(await client.post(LIST, Buffer.from(text)), 400);
    }
  });
  inferred('a body that is no object is answered 400', async ({ client }) => {
    for (const value of [[], 'text', 1, true]) expectRefusal(await client.post(LIST, value), 400);
  });
  ours('a body that claims gzip and is none is answered 400', async ({ client }) => {
    const headers: HeaderLine[] = [JSON_TYPE, ['Content-Encoding', 'gzip']];
    expectRefusal(await client.post(LIST, Buffer.from('{"limit":1}'), { headers }), 400);
    expectRefusal(await client.post(LIST, gzipSync('{"limit":1}').subarray(0, 20), { headers }), 400);
  });
  ours('a body over the limit is answered 413, counted as inflated', async ({ client }) => {
    const headers: HeaderLine[] = [JSON_TYPE, ['Content-Encoding', 'gzip']];
    const body = gzipSync(`{"limit":1,"a":"${'a'.repeat(21 * MIB)}"}`);
    expectRefusal(await client.post(LIST, body, { headers }), 413);
  });
  ours('a path that no operation has is answered 404', async ({ client }) => {
    expectRefusal(await client.get('/an/operation/that/nobody/has'), 404);
  });
  ours('a method that the path does not have is answered 405 with Allow', async ({ client }) => {
    const answer = await client.send('DELETE', LIST);
    expectRefusal(answer, 405);
    assert.match(String(answer.headers.allow), /\bPOST\b/);
  });
});
