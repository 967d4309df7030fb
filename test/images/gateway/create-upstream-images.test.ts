import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../../testing/test-jobs.ts';
import { type Gateway, startGateway } from './start-gateway.ts';
import { ALICE, BOB, type StubFile, type StubUpstream, startStubUpstream } from './stub-upstream.ts';

let upstream: StubUpstream;
let gateway: Gateway;
beforeAll(async () => {
  upstream = await startStubUpstream();
  gateway = await startGateway(upstream.url, { embedded: true });
});
afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});

/** A file of the test's own, which Alice may read. */
let file: StubFile;
beforeEach(() => {
  const id = 1000 + upstream.files.length;
  file = {
    id,
    externalId: `photo ${id}`,
    instanceId: { space: 'plant', externalId: `p ${id}` },
    name: 'photo.jpg',
    mimeType: 'image/jpeg',
    uploaded: true,
    uploadedTime: 1_700_000_000_000,
    lastUpdatedTime: 1_700_000_000_000,
    content: Buffer.from(`content of ${id}`),
    readers: new Set([ALICE]),
  };
  upstream.files.push(file);
  upstream.requests.length = 0;
  upstream.storeHeaders.length = 0;
  upstream.storeStatus = undefined;
  upstream.etag = undefined;
  upstream.refuse.clear();
  gateway.opened.length = 0;
});

const SEGMENT = '/context/vision/segment';
const POINT = { points: [{ x: 0.5, y: 0.5 }] };
const post = (token: string | undefined, item: object = { fileId: file.id }) =>
  gateway.call('POST', SEGMENT, token, { items: [item], ...POINT });
const countJobs = async () => (await gateway.database.kysely.selectFrom('jobs').select('job_id').execute()).length;
const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
/** Whole ones. */
const downloads = () => upstream.storeHeaders.length;

describe('a job on a file of the upstream', () => {
  it.each([
    ['id', () => ({ fileId: file.id })],
    ['externalId', () => ({ fileExternalId: file.externalId })],
    ['instanceId', () => ({ fileInstanceId: file.instanceId })],
  ])('is posted by %s, and runs on its content', async (_, reference) => {
    const posted = await post(ALICE, reference());
    expect(posted.status).toBe(200);
    expect(posted.body).toMatchObject({
      status: 'Queued',
      items: [{ fileId: file.id, fileExternalId: file.externalId, fileInstanceId: file.instanceId }],
    });
    const job = await gateway.settled(posted.body.jobId, ALICE);
    expect(job).toMatchObject({ status: 'Completed', errorMessage: null, items: [{ fileId: file.id, segments: [] }] });
    expect(gateway.opened).toMatchObject([{ name: 'photo.jpg', contentHash: sha256(file.content) }]);
    expect(readFileSync(gateway.opened[0]!.path)).toEqual(file.content);
  });

  it('asks for the content without the token, at the host that the link names', async () => {
    await gateway.settled((await post(ALICE)).body.jobId, ALICE);
    expect(upstream.requests).toContain('POST /api/v1/projects/plant/files/downloadlink?extendedExpiration=true');
    expect(upstream.storeHeaders).toHaveLength(1);
    expect(upstream.storeHeaders[0]).not.toHaveProperty('authorization');
  });

  it('content is downloaded once for each upload time, and never without asking for the file', async () => {
    await gateway.settled((await post(ALICE)).body.jobId, ALICE);
    upstream.requests.length = 0;
    upstream.storeHeaders.length = 0;
    await gateway.settled((await post(ALICE)).body.jobId, ALICE);
    expect(upstream.requests[0]).toBe('POST /api/v1/projects/plant/files/byids');
    expect(upstream.requests.join()).not.toContain('downloadlink');
    expect(downloads()).toBe(0);

    Object.assign(file, { content: Buffer.from('another photo'), uploadedTime: file.uploadedTime! + 1 });
    await gateway.settled((await post(ALICE)).body.jobId, ALICE);
    expect(gateway.opened.at(-1)!.contentHash).toBe(sha256(file.content));
  });

  it.each([
    ['a name that is no image’s', { name: 'photo.gif' }, /must have a name/],
    ['another mimeType', { mimeType: 'image/tiff' }, /mimeType "image\/tiff"/],
    ['no content', { uploaded: false, uploadedTime: undefined }, /never uploaded/],
    ['more content than may be uploaded', { content: new Uint8Array(1_000_001) }, /larger than the limit of 1000000/],
  ])('fails for %s', async (_, change, message) => {
    Object.assign(file, change);
    const job = await gateway.settled((await post(ALICE)).body.jobId, ALICE);
    expect(job).toMatchObject({ status: 'Failed', items: [] });
    expect(job.errorMessage).toMatch(message);
    expect(readdirSync(path.join(gateway.dataDir, 'upstream', 'tmp'))).toEqual([]);
  });

  it.each([403, 404, 410])('fails, asking to post again, where its link is answered %i', async (status) => {
    upstream.storeStatus = status;
    const job = await gateway.settled((await post(ALICE)).body.jobId, ALICE);
    expect(job).toMatchObject({ status: 'Failed', errorMessage: expect.stringMatching(/expired.*post the job again/) });
  });

  it('tries again where the store fails for a moment', async () => {
    upstream.storeStatus = 500;
    const { jobId } = (await post(ALICE)).body;
    await until(() => downloads() === 1);
    upstream.storeStatus = undefined;
    expect((await gateway.settled(jobId, ALICE)).status).toBe('Completed');
    expect(downloads()).toBe(2);
  });
});

it('a job that runs after its link expired fails, asking to post again, and the link is not used', async () => {
  let open = () => {};
  gateway.gate.opened = new Promise((resolve) => {
    open = resolve;
  });
  const { jobId } = (await post(ALICE)).body;
  const { upstream_file } = await gateway.database.kysely
    .selectFrom('jobs')
    .select('upstream_file')
    .where('job_id', '=', jobId)
    .executeTakeFirstOrThrow();
  expect(upstream_file).toMatchObject({ linkExpiresTime: gateway.clock.time + 3_600_000 });
  gateway.clock.time += 3_600_000;
  open();
  const job = await gateway.settled(jobId, ALICE);
  expect(job).toMatchObject({ status: 'Failed', errorMessage: expect.stringMatching(/expired.*post the job again/) });
  expect(downloads()).toBe(0);
});

describe('a file that is replaced after its job was posted', () => {
  /** Posts a job, changes what the store has before the job runs, and reads how the job ends. */
  async function postAndReplace(etags: [before: string | undefined, after: string | undefined]) {
    let open = () => {};
    gateway.gate.opened = new Promise((resolve) => {
      open = resolve;
    });
    upstream.etag = etags[0];
    const { jobId } = (await post(ALICE)).body;
    file.content = Buffer.from(`another content of ${file.id}`);
    upstream.etag = etags[1];
    open();
    return gateway.settled(jobId, ALICE);
  }

  it('fails the job, which says to post another one, and that one runs on the new content', async () => {
    const job = await postAndReplace(['"one"', '"two"']);
    expect(job).toMatchObject({
      status: 'Failed',
      errorMessage: expect.stringMatching(/was replaced after the job was posted: post a job for the new content/),
    });
    expect(gateway.opened).toEqual([]);
    file.uploadedTime!++;
    expect(await gateway.settled((await post(ALICE)).body.jobId, ALICE)).toMatchObject({ status: 'Completed' });
    expect(gateway.opened).toMatchObject([{ contentHash: sha256(file.content) }]);
  });

  it('does not touch a job whose content is at hand', async () => {
    upstream.etag = '"one"';
    const before = sha256(file.content);
    await gateway.settled((await post(ALICE)).body.jobId, ALICE);
    expect(await postAndReplace(['"one"', '"two"'])).toMatchObject({ status: 'Completed' });
    expect(gateway.opened.map(({ contentHash }) => contentHash)).toEqual([before, before]);
  });

  it.each([
    [undefined, undefined],
    ['"one"', undefined],
    [undefined, '"two"'],
  ])('is segmented as it is where the store does not tell contents apart: %s, then %s', async (...etags) => {
    expect(await postAndReplace(etags)).toMatchObject({ status: 'Completed' });
    expect(gateway.opened).toMatchObject([{ contentHash: sha256(file.content) }]);
  });
});

describe('who may not read a file', () => {
  it('gets no job on it, even where its content is at hand', async () => {
    await gateway.settled((await post(ALICE)).body.jobId, ALICE);
    const before = await countJobs();
    const refused = await post(BOB);
    expect(refused.status).toBe(400);
    expect(refused.body).toEqual({
      error: { code: 400, message: 'File ids not found: these', missing: [{ id: file.id }] },
    });
    expect(await countJobs()).toBe(before);
  });

  it('gets no result of another caller', async () => {
    const { jobId } = (await post(ALICE)).body;
    await gateway.settled(jobId, ALICE);
    const { status, body } = await gateway.call('GET', `${SEGMENT}/${jobId}`, BOB);
    expect(status).toBe(403);
    expect(body.error.message).toBe('Resource not found. This may also be due to insufficient access rights.');
  });

  it('any more is refused after 60 s at the latest', async () => {
    const { jobId } = (await post(ALICE)).body;
    await gateway.settled(jobId, ALICE);
    const read = async () => (await gateway.call('GET', `${SEGMENT}/${jobId}`, ALICE)).status;
    file.readers.clear();
    gateway.clock.time += 59_999;
    expect(await read()).toBe(200);
    gateway.clock.time += 2;
    expect(await read()).toBe(403);
  });

  it('a job of another project is not there', async () => {
    const { jobId } = (await post(ALICE)).body;
    const response = await fetch(`${gateway.url}/api/v1/projects/other${SEGMENT}/${jobId}`, {
      headers: { authorization: `Bearer ${ALICE}` },
    });
    expect(response.status).toBe(401);
  });
});

describe('the token', () => {
  it('is asked for before anything else', async () => {
    for (const [method, route] of [
      ['POST', SEGMENT],
      ['GET', `${SEGMENT}/1`],
      ['POST', '/files/list'],
    ] as const) {
      const { status, body } = await gateway.call(method, route, undefined, method === 'POST' ? {} : undefined);
      expect(status).toBe(401);
      expect(body.error.code).toBe(401);
    }
  });

  it('is judged by the upstream, whose refusal is passed on, before the body is checked', async () => {
    const { status, body } = await gateway.call('POST', SEGMENT, 'nobody', { wrong: true });
    expect(status).toBe(401);
    expect(body).toEqual({ error: { code: 401, message: 'Could not authenticate.' } });
    expect(upstream.requests).toEqual(['GET /api/v1/token/inspect']);
  });

  it('is judged again after a minute', async () => {
    const inspections = () => upstream.requests.filter((request) => request.endsWith('/inspect')).length;
    gateway.clock.time += 60_001;
    await post(ALICE);
    await post(ALICE);
    expect(inspections()).toBe(1);
    gateway.clock.time += 60_001;
    await post(ALICE);
    expect(inspections()).toBe(2);
  });

  it('and the link reach neither disk, once the job has ended, nor log', async () => {
    await gateway.settled((await post(ALICE)).body.jobId, ALICE);
    upstream.storeStatus = 403;
    file.uploadedTime!++;
    await gateway.settled((await post(ALICE)).body.jobId, ALICE);
    const { rows } = await sql<{ kept: number }>`
      select count(*) as kept from jobs where upstream_file is not null`.execute(gateway.database.kysely);
    expect(rows[0]!.kept).toBe(0);
    expect(gateway.log()).toContain('"subject":"alice"');
    expect(gateway.log()).not.toContain(ALICE);
    expect(gateway.log()).not.toContain('s3cret');
    await gateway.database.kysely.executeQuery(sql`checkpoint`.compile(gateway.database.kysely));
    const written = filesBelow(gateway.dataDir).map((name) => readFileSync(name));
    expect(written.some((bytes) => bytes.includes(file.name))).toBe(true);
    expect(written.some((bytes) => bytes.includes(ALICE))).toBe(false);
  });
});

describe('an upstream that fails', () => {
  const BYIDS = '/api/v1/projects/plant/files/byids';
  let before: number;
  beforeEach(async () => {
    before = await countJobs();
  });

  it.each([
    [500, 503],
    [502, 503],
    [418, 502],
  ])('with %i creates no job', async (status, expected) => {
    upstream.refuse.set(BYIDS, { status, body: 'oh dear' });
    const answer = await post(ALICE);
    expect(answer.status).toBe(expected);
    expect(answer.body.error).toMatchObject({
      code: expected,
      message: expect.stringContaining('nothing was created'),
    });
    expect(await countJobs()).toBe(before);
  });

  it('to be what it should be creates no job', async () => {
    for (const body of ['{"items":', '[]', '{"items":[{"id":"11"}]}']) {
      upstream.refuse.set(BYIDS, { status: 200, body });
      expect((await post(ALICE)).status).toBe(502);
    }
    upstream.refuse.set(BYIDS, { status: 302, body: '', headers: { location: 'https://elsewhere.example/' } });
    expect((await post(ALICE)).status).toBe(502);
    expect(await countJobs()).toBe(before);
  });

  it('to give a link creates no job', async () => {
    const path = '/api/v1/projects/plant/files/downloadlink';
    for (const downloadUrl of ['file:///etc/passwd', 'data:image/png;base64,AA', '/content/11', 'not an address']) {
      upstream.refuse.set(path, { status: 200, body: { items: [{ downloadUrl }] } });
      expect((await post(ALICE)).status).toBe(502);
    }
    upstream.refuse.set(path, { status: 503, body: {} });
    expect((await post(ALICE)).status).toBe(503);
    expect(await countJobs()).toBe(before);
  });

  it('under load has its 429 passed on, with the time to wait', async () => {
    const body = { error: { code: 429, message: 'Too many requests.' } };
    upstream.refuse.set(BYIDS, { status: 429, body, headers: { 'retry-after': '7' } });
    const answer = await post(ALICE);
    expect(answer.status).toBe(429);
    expect(answer.body).toEqual(body);
    expect(answer.headers.get('retry-after')).toBe('7');
  });

  it('by being away is answered 503', async () => {
    const away = await startStubUpstream();
    away.files.push(file);
    const cutOff = await startGateway(away.url);
    const ask = (token: string) => cutOff.call('POST', SEGMENT, token, { items: [{ fileId: file.id }], ...POINT });
    expect((await ask(ALICE)).status).toBe(200);
    await away.close();
    // A token that was verified before, one that was not, and a request that is passed through.
    const answers = [await ask(ALICE), await ask(BOB), await cutOff.call('POST', '/files/list', ALICE, {})];
    await cutOff.close();
    for (const { status, headers, body } of answers) {
      expect(status).toBe(503);
      expect(headers.get('retry-after')).not.toBeNull();
      expect(body.error).toMatchObject({ code: 503, message: expect.stringContaining('nothing was created') });
    }
  });
});

function filesBelow(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name));
  return names.filter((name) => statSync(name).isFile());
}
