import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { KonturError } from '#contract/errors';
import { promptBody } from '../../../../src/http/body-limits.ts';
import type { JobTask } from '../../../../src/jobs/job-record.ts';
import type { JobResult } from '../../../../src/jobs/job-result.ts';
import { NOTHING } from '../../../../testing/test-jobs.ts';
import { type Answer, FOUND_TRIANGLE, startTestApp, type TestApp, TRIANGLE } from '../../start-test-app.ts';

/** The contract itself, not our schemas made from it. */
const contract = parse(readFileSync(new URL('../../../contract/segment.openapi.yaml', import.meta.url), 'utf8'));
const ajv = new Ajv2020({ strict: false, formats: { int64: true, int32: true, uuid: true } });
ajv.addSchema({ $id: 'contract', ...contract });
const expectToMatch = (schema: string, value: unknown) => {
  const valid = ajv.validate({ $ref: `contract#/components/schemas/${schema}` }, value);
  expect(valid, ajv.errorsText(ajv.errors)).toBe(true);
};

const path = '/context/vision/segment';
const beta = { 'cdf-version': 'beta' };
const point = { x: 0.5, y: 0.5 };
const box = { xMin: 0.1, yMin: 0.2, xMax: 0.5, yMax: 0.6 };

let t: TestApp;
let fileId: number;
/** What the engine's stand-in does with a job; a test may set it. */
let work: (task: JobTask) => Promise<JobResult>;

beforeAll(async () => {
  t = await startTestApp({ run: (task) => work(task) });
  work = async () => FOUND_TRIANGLE;
  const file = { name: 'photo.jpg', externalId: 'photo', mimeType: 'image/jpeg' };
  fileId = (await t.request({ method: 'POST', url: '/files', payload: file })).json().id;
});
afterAll(() => t?.close());

const post = (payload: unknown, headers: Record<string, string> = beta) =>
  t.request({ method: 'POST', url: path, headers, payload: payload as object });
const get = (jobId: unknown) => t.request({ url: `${path}/${jobId}` });

async function until(jobId: number, status: string): Promise<Answer> {
  for (;;) {
    const answer = await get(jobId);
    if (answer.json().status === status) return answer;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function expectRefusal(answer: Answer, status: number, message: string, more: object = {}) {
  expect(answer.json()).toEqual({ error: { code: status, message, ...more } });
  expect(answer.statusCode).toBe(status);
  expectToMatch('Error', answer.json());
}

describe('a job that works', () => {
  it('is Queued, then Completed with the segments, in the shapes of the contract', async () => {
    const posted = await post({ items: [{ fileId }], points: [point] });
    expect(posted.statusCode).toBe(200);
    const created = posted.json();
    expect(created).toEqual({
      status: 'Queued',
      createdTime: created.createdTime,
      startTime: null,
      statusTime: created.createdTime,
      errorMessage: null,
      jobId: created.jobId,
      items: [{ fileId, fileExternalId: 'photo' }],
      points: [{ ...point, label: 1 }],
    });
    expect(Math.abs(Date.now() - created.createdTime)).toBeLessThan(60_000);
    expectToMatch('SegmentJobCreated', created);

    const done = (await until(created.jobId, 'Completed')).json();
    expect(done).toEqual({
      status: 'Completed',
      createdTime: created.createdTime,
      startTime: expect.any(Number),
      statusTime: expect.any(Number),
      errorMessage: null,
      jobId: created.jobId,
      items: [{ fileId, fileExternalId: 'photo', segments: TRIANGLE }],
      prompt: { points: [{ ...point, label: 1 }] },
      failedItems: [],
    });
    expectToMatch('SegmentJob', done);
  });

  it('has no items while it is Running', async () => {
    let finish = () => {};
    // A job is Running a moment before its work begins.
    const begun = new Promise<void>((begin) => {
      work = () =>
        new Promise((resolve) => {
          finish = () => resolve(NOTHING);
          begin();
        });
    });
    const { jobId } = (await post({ items: [{ fileId }], boundingBox: box })).json();
    const running = (await until(jobId, 'Running')).json();
    expect(running).toMatchObject({ items: [], failedItems: [], errorMessage: null, startTime: expect.any(Number) });
    expectToMatch('SegmentJob', running);
    await begun;
    finish();
    work = async () => FOUND_TRIANGLE;
    expect((await until(jobId, 'Completed')).json().items).toEqual([{ fileId, fileExternalId: 'photo', segments: [] }]);
  });

  it('that fails says why, and for which file', async () => {
    work = async () => {
      throw new KonturError('image-not-recognised', 'photo.jpg is neither JPEG nor PNG.');
    };
    const { jobId } = (await post({ items: [{ fileId }], boundingBox: box })).json();
    const failed = (await until(jobId, 'Failed')).json();
    work = async () => FOUND_TRIANGLE;
    expect(failed).toMatchObject({
      errorMessage: 'photo.jpg is neither JPEG nor PNG.',
      items: [],
      failedItems: [
        { errorMessage: 'photo.jpg is neither JPEG nor PNG.', items: [{ fileId, fileExternalId: 'photo' }] },
      ],
    });
    expectToMatch('SegmentJob', failed);
  });

  it.each([
    [
      'points',
      { points: [point, { x: 0.1, y: 0, label: 0 }] },
      {
        points: [
          { ...point, label: 1 },
          { x: 0.1, y: 0, label: 0 },
        ],
      },
    ],
    ['a box', { boundingBox: box }, { boundingBox: box }],
    ['both', { points: [point], boundingBox: box }, { points: [{ ...point, label: 1 }], boundingBox: box }],
    ['a box and no points', { points: [], boundingBox: box }, { boundingBox: box }],
    ['a box and null', { points: null, boundingBox: box }, { boundingBox: box }],
    ['a point whose label is null', { points: [{ ...point, label: null }] }, { points: [{ ...point, label: 1 }] }],
    [
      'two points at one place',
      { points: [point, { ...point, label: 0 }] },
      {
        points: [
          { ...point, label: 1 },
          { ...point, label: 0 },
        ],
      },
    ],
    ['the corners of the image', { points: [{ x: 0, y: 1 }] }, { points: [{ x: 0, y: 1, label: 1 }] }],
    ['unknown properties', { points: [{ ...point, size: 3 }], model: 'x' }, { points: [{ ...point, label: 1 }] }],
  ])('echoes %s with defaults applied', async (_, given, echoed) => {
    const created = (await post({ items: [{ fileExternalId: 'photo' }], ...given })).json();
    const { status, createdTime, startTime, statusTime, errorMessage, jobId, items, ...prompt } = created;
    expect(prompt).toEqual(echoed);
    expect((await get(jobId)).json().prompt).toEqual(echoed);
  });

  it.each(['beta', 'alpha', '20230101-beta', '20230101-alpha', 'V20210406, beta', 'BETA'])(
    'may be posted with cdf-version: %s',
    async (version) => {
      const answer = await post({ items: [{ fileId }], points: [point] }, { 'cdf-version': version });
      expect(answer.statusCode).toBe(200);
    },
  );

  it('may be posted as pretty-printed JSON with a charset', async () => {
    const headers = { ...beta, 'content-type': 'application/json; charset=utf-8' };
    const answer = await post(JSON.stringify({ items: [{ fileId }], points: [point] }, null, 4), headers);
    expect(answer.statusCode).toBe(200);
  });

  it('takes a file that has no external id', async () => {
    const { id } = (await t.request({ method: 'POST', url: '/files', payload: { name: 'plain.png' } })).json();
    const created = (await post({ items: [{ fileId: id }], points: [point] })).json();
    expect(created.items).toEqual([{ fileId: id }]);
    expect((await until(created.jobId, 'Completed')).json().items).toEqual([{ fileId: id, segments: TRIANGLE }]);
  });
});

describe('a body that breaks a rule is refused with a sentence', () => {
  const items = () => [{ fileId }];
  const six = [1, 2, 3, 4, 5, 6].map((n) => ({ x: n / 10, y: 0 }));
  const x = '(fraction of the image width, from the left).';
  const label = '(1 marks the object (foreground), 0 background).';
  const oneId = 'items[0] must have exactly one of fileId, fileExternalId, fileInstanceId';
  it.each<[string, () => unknown, string]>([
    ['x over 1', () => ({ items: items(), points: [{ x: 1.5, y: 0 }] }), `points[0].x must be at most 1, got 1.5 ${x}`],
    [
      'x under 0',
      () => ({ items: items(), points: [point, { x: -0.1, y: 0 }] }),
      `points[1].x must be at least 0, got -0.1 ${x}`,
    ],
    [
      'x of a wrong type',
      () => ({ items: items(), points: [{ x: '0.5', y: 0 }] }),
      `points[0].x must be a number, got "0.5" ${x}`,
    ],
    ['no y', () => ({ items: items(), points: [{ x: 0.5 }] }), 'points[0] must have y.'],
    ['y null', () => ({ items: items(), points: [{ x: 0.5, y: null }] }), 'points[0] must have y.'],
    [
      'an unknown label',
      () => ({ items: items(), points: [{ ...point, label: 2 }] }),
      `points[0].label must be 0 or 1, got 2 ${label}`,
    ],
    [
      'a label of a wrong type',
      () => ({ items: items(), points: [{ ...point, label: '1' }] }),
      `points[0].label must be a number, got "1" ${label}`,
    ],
    [
      'points that are no list',
      () => ({ items: items(), points: point }),
      'points must be an array, got {"x":0.5,"y":0.5} (clicks, no two alike).',
    ],
    ['a point that is null', () => ({ items: items(), points: [null] }), 'points[0] must be an object, got null.'],
    [
      'the same point twice',
      () => ({ items: items(), points: [point, { ...point }] }),
      'points[0] and points[1] are the same; each point may be given once.',
    ],
    [
      'a twin by default',
      () => ({ items: items(), points: [{ ...point, label: 1 }, { x: 0, y: 0 }, point] }),
      'points[0] and points[2] are the same; each point may be given once.',
    ],
    ['too many points', () => ({ items: items(), points: six }), 'points must have at most 5 items, got 6.'],
    [
      'a box without width',
      () => ({ items: items(), boundingBox: { ...box, xMax: 0.1 } }),
      'boundingBox.xMin must be less than boundingBox.xMax, got 0.1 and 0.1.',
    ],
    [
      'a box upside down',
      () => ({ items: items(), boundingBox: { ...box, yMin: 0.7 } }),
      'boundingBox.yMin must be less than boundingBox.yMax, got 0.7 and 0.6.',
    ],
    [
      'a box with an edge missing',
      () => ({ items: items(), boundingBox: { xMin: 0.1, yMin: 0.2, xMax: 0.5 } }),
      'boundingBox must have yMax.',
    ],
    [
      'a box beyond the image',
      () => ({ items: items(), boundingBox: { ...box, xMax: 2 } }),
      'boundingBox.xMax must be at most 1, got 2 (right edge, a fraction of the image width greater than xMin).',
    ],
    ['no prompt', () => ({ items: items() }), 'The body must have at least one of points, boundingBox, got none.'],
    [
      'a prompt of nulls',
      () => ({ items: items(), points: null, boundingBox: null }),
      'The body must have at least one of points, boundingBox, got none.',
    ],
    [
      'no points and no box',
      () => ({ items: items(), points: [] }),
      'The prompt is empty: give at least one point in points, or a boundingBox.',
    ],
    ['no items', () => ({ points: [point] }), 'The body must have items.'],
    ['zero items', () => ({ items: [], points: [point] }), 'items must have at least 1 item, got 0.'],
    [
      'two items',
      () => ({ items: [{ fileId }, { fileId }], points: [point] }),
      'items must have at most 1 item, got 2.',
    ],
    [
      'items that are no list',
      () => ({ items: { fileId }, points: [point] }),
      'items must be an array, got {"fileId":7} (the one image).',
    ],
    [
      'two ids in one item',
      () => ({ items: [{ fileId, fileExternalId: 'photo' }], points: [point] }),
      `${oneId}, got fileId and fileExternalId.`,
    ],
    ['no id in the item', () => ({ items: [{ id: fileId }], points: [point] }), `${oneId}, got none.`],
    ['an item that is null', () => ({ items: [null], points: [point] }), 'items[0] must be an object, got null.'],
    [
      'an id of a wrong type',
      () => ({ items: [{ fileId: 'photo' }], points: [point] }),
      'items[0].fileId must be a whole number, got "photo" (numeric id of a file).',
    ],
    [
      'an id that is no integer',
      () => ({ items: [{ fileId: 1.5 }], points: [point] }),
      'items[0].fileId must be a whole number, got 1.5 (numeric id of a file).',
    ],
    [
      'an id out of range',
      () => ({ items: [{ fileId: 0 }], points: [point] }),
      'items[0].fileId must be at least 1, got 0 (numeric id of a file).',
    ],
    [
      'an external id that is too long',
      () => ({ items: [{ fileExternalId: 'é'.repeat(256) }], points: [point] }),
      'items[0].fileExternalId must have at most 255 characters, got 256.',
    ],
    [
      'half an instance id',
      () => ({ items: [{ fileInstanceId: { space: 's' } }], points: [point] }),
      'items[0].fileInstanceId must have externalId.',
    ],
    ['a list for a body', () => [], 'The body must be an object, got [].'],
  ])('%s', async (_, body, message) => {
    const answer = await post(body());
    expectRefusal(answer, 400, message.replace('{"fileId":7}', JSON.stringify({ fileId })));
  });

  it('one that is very long is not quoted back', async () => {
    const answer = await post({ items: [{ fileId: 'a'.repeat(1000) }], points: [point] });
    expectRefusal(
      answer,
      400,
      'items[0].fileId must be a whole number, got a string of 1000 characters (numeric id of a file).',
    );
  });

  it.each([
    ['nothing', '', 'The body is empty; send a JSON object.'],
    ['cut off', '{"items": [', 'The body is not valid JSON: Unexpected end of JSON input.'],
    ['a comma too many', '{"items": 1,}', expect.stringMatching(/^The body is not valid JSON: .*position 12/)],
    ['a prototype', '{"__proto__": {"points": []}}', 'The key __proto__ is not accepted in a body.'],
    ['a tower', `${'['.repeat(1000)}${']'.repeat(1000)}`, 'The body is nested more than 64 deep.'],
  ])('malformed JSON: %s', async (_, body, message) => {
    const answer = await post(body, { ...beta, 'content-type': 'application/json' });
    expectRefusal(answer, 400, message as string);
  });

  it('twins that bring their own valueOf', async () => {
    const twin = { ...point, valueOf: 1, toString: 2, constructor: 3, hasOwnProperty: 4 };
    const answer = await post({ items: [{ fileId, valueOf: 1 }], points: [twin, twin], toString: 1 });
    expectRefusal(answer, 400, 'points[0] and points[1] are the same; each point may be given once.');
  });

  it('another content type', async () => {
    const body = JSON.stringify({ items: [{ fileId }], points: [point] });
    expectRefusal(
      await post(body, { ...beta, 'content-type': 'text/plain' }),
      415,
      'The body has the content type text/plain; send it as application/json.',
    );
  });

  it('a body over the limit', async () => {
    const { bodyLimit } = promptBody(t.dependencies.settings.maxPoints);
    const answer = await post(`{"points": "${'x'.repeat(bodyLimit)}"}`, {
      ...beta,
      'content-type': 'application/json',
    });
    expectRefusal(answer, 413, `The body is larger than the limit of ${bodyLimit} bytes, as sent or inflated.`);
  });
});

describe('what is not there', () => {
  it('a file is named in missing, by the id that was asked for', async () => {
    expectRefusal(await post({ items: [{ fileId: 999991 }], points: [point] }), 400, 'File ids not found: 999991', {
      missing: [{ id: 999991 }],
    });
    expectRefusal(await post({ items: [{ fileExternalId: 'no' }], points: [point] }), 400, 'Files ids not found: no', {
      missing: [{ externalId: 'no' }],
    });
    const instanceId = { space: 'sp', externalId: 'pump 1.jpg' };
    const answer = await post({ items: [{ fileInstanceId: instanceId }], points: [point] });
    expectRefusal(answer, 400, 'File instance ids not found: sp:pump 1.jpg', { missing: [{ instanceId }] });
  });

  it('a job is answered 404', async () => {
    expectRefusal(await get(123), 404, 'There is no job 123 in this project.');
  });

  it.each([
    ['abc', 'jobId must be a whole number, got "abc" (numeric id of a job).'],
    ['1.5', 'jobId must be a whole number, got "1.5" (numeric id of a job).'],
    ['0', 'jobId must be at least 1, got 0 (numeric id of a job).'],
    ['-1', 'jobId must be at least 1, got -1 (numeric id of a job).'],
    ['9007199254740992', 'jobId must be at most 9007199254740991, got 9007199254740992 (numeric id of a job).'],
  ])('an id that no job can have is answered 400: %s', async (jobId, message) => {
    expectRefusal(await get(jobId), 400, message);
  });
});

describe('the beta header', () => {
  it.each([undefined, 'V20210406', '20230101', 'betamax', 'beta20230101'])('is asked for: %s', async (version) => {
    const headers: Record<string, string> = version === undefined ? {} : { 'cdf-version': version };
    const message = 'This operation needs the header "cdf-version: beta" (or alpha).';
    expectRefusal(await post({ items: [{ fileId }], points: [point] }, headers), 400, message);
    expectRefusal(await post('{not json', { ...headers, 'content-type': 'application/json' }), 400, message);
  });
});

describe('another project', () => {
  it('sees neither the file nor the job', async () => {
    const { jobId } = (await post({ items: [{ fileId }], points: [point] })).json();
    const body = { items: [{ fileId }], points: [point] };
    expectRefusal(
      await t.requestOther({ method: 'POST', url: path, headers: beta, payload: body }),
      400,
      `File ids not found: ${fileId}`,
      { missing: [{ id: fileId }] },
    );
    expectRefusal(await t.requestOther({ url: `${path}/${jobId}` }), 404, `There is no job ${jobId} in this project.`);
  });
});

describe('whatever is posted', () => {
  const coordinate = fc.oneof(fc.double(), fc.constantFrom(0, 1, -0, null, '0'));
  const nearlyValid = fc.record(
    {
      items: fc.oneof(
        fc.array(
          fc.record({ fileId: fc.oneof(fc.nat(), fc.constant(0)), fileExternalId: fc.string() }, { requiredKeys: [] }),
          { maxLength: 2 },
        ),
        fc.jsonValue(),
      ),
      points: fc.oneof(
        fc.array(
          fc.record(
            { x: coordinate, y: coordinate, label: fc.oneof(fc.nat(1), fc.jsonValue()) },
            { requiredKeys: ['x'] },
          ),
        ),
        fc.jsonValue(),
      ),
      boundingBox: fc.oneof(
        fc.record({ xMin: coordinate, yMin: coordinate, xMax: coordinate, yMax: coordinate }),
        fc.jsonValue(),
      ),
    },
    { requiredKeys: [] },
  );

  it('the answer is a job or an envelope, and never a fault', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.json(),
          nearlyValid.map((value) => JSON.stringify(value)),
          fc.string(),
        ),
        async (body) => {
          const answer = await post(body, { ...beta, 'content-type': 'application/json' });
          expect([200, 400]).toContain(answer.statusCode);
          expectToMatch(answer.statusCode === 200 ? 'SegmentJobCreated' : 'Error', answer.json());
        },
      ),
      { numRuns: 500 },
    );
  });

  it('a valid prompt is accepted and comes back', async () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    const points = fc.uniqueArray(fc.record({ x: unit, y: unit, label: fc.nat(1) }), {
      minLength: 1,
      maxLength: 5,
      selector: ({ x, y, label }) => `${x},${y},${label}`,
    });
    await fc.assert(
      fc.asyncProperty(points, async (given) => {
        const answer = await post({ items: [{ fileId }], points: given });
        expect(answer.statusCode).toBe(200);
        expect(answer.json().points).toEqual(JSON.parse(JSON.stringify(given)));
      }),
      { numRuns: 50 },
    );
  });
});

it('too many waiting jobs are answered 429 with Retry-After', async () => {
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const small = await startTestApp({ run: () => finished.then(() => NOTHING), maxQueuedPerProject: 1 });
  try {
    const { id } = (await small.request({ method: 'POST', url: '/files', payload: { name: 'a.jpg' } })).json();
    const body = { items: [{ fileId: id }], points: [point] };
    const request = { method: 'POST', url: path, headers: beta, payload: body } as const;
    const { jobId } = (await small.request(request)).json();
    while ((await small.request({ url: `${path}/${jobId}` })).json().status !== 'Running');
    expect((await small.request(request)).json().status).toBe('Queued');
    const refused = await small.request(request);
    expectRefusal(refused, 429, '1 jobs wait in this project already. Post again when some of them have ended.');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  } finally {
    finish();
    await small.close();
  }
});
