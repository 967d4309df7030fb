import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NamedAnnotation } from '#contract/annotations/named-annotation';
import { signedArea } from '#geometry/mask-polygon';
import { pixelPoint } from '#geometry/spaces';
import { type Outline, readOutline } from '#outputs/outline-polygon';
import type { Capability } from '../../../../src/auth/principal.ts';
import { createApp } from '../../../../src/http/create-app.ts';
import type { JobResult } from '../../../../src/jobs/job-result.ts';
import { NOTHING, until } from '../../../../testing/test-jobs.ts';
import { type Answer, startTestApp, type TestApp } from '../../start-test-app.ts';

const square = (left: number, top: number, side: number) => [
  { x: left, y: top },
  { x: left + side, y: top },
  { x: left + side, y: top + side },
  { x: left, y: top + side },
];
/** Two parts, the first with a hole. */
const RINGS: Outline = [[square(0.125, 0.125, 0.25), square(0.1875, 0.1875, 0.125)], [square(0.5, 0.5, 0.25)]];
const area = (outline: Outline) =>
  outline.reduce(
    (sum, [outer, ...holes]) =>
      holes.reduce((left, hole) => left - Math.abs(signedArea(hole)), sum + Math.abs(signedArea(outer!))),
    0,
  );
/** A circle of many vertices with a hole, and a second part: in pixels of a photo that is not square. */
const circle = (x: number, y: number, radius: number, count: number) =>
  Array.from({ length: count }, (_, index) => {
    const angle = (2 * Math.PI * index) / count;
    return pixelPoint(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  });
const FOUND: JobResult = {
  ...NOTHING,
  imageWidth: 4000,
  imageHeight: 3000,
  segments: [
    {
      score: 0.875,
      parts: [
        { outer: circle(1200, 1200, 900, 700), holes: [circle(1200, 1200, 300, 200).toReversed()] },
        { outer: circle(3000, 2000, 500, 400), holes: [] },
      ],
    },
  ],
};

let t: TestApp;
let fileId: number;
beforeAll(async () => {
  t = await startTestApp({ run: async () => FOUND });
  fileId = await createFile('yard', {});
});
afterAll(() => t?.close());

async function createFile(externalId: string, more: object): Promise<number> {
  const payload = { name: `${externalId}.jpg`, externalId, mimeType: 'image/jpeg', ...more };
  return (await t.request({ method: 'POST', url: '/files', payload })).json().id;
}
const url = '/kontur/annotations';
const post = (items: object[]) => t.request({ method: 'POST', url, payload: { items } });
const patch = (items: object[]) => t.request({ method: 'PATCH', url, payload: { items } });
const get = (query: string) => t.request({ url: `${url}${query}` });
const object = (more: object = {}) => ({ fileId, label: 'pump', rings: RINGS, ...more });
async function save(more: object = {}): Promise<NamedAnnotation> {
  const answer = await post([object(more)]);
  expect([answer.statusCode, answer.json().error]).toEqual([201, undefined]);
  return answer.json().items[0];
}
const count = async () => (await get('?limit=1000')).json().items.length;
const choices = async () => {
  const { kysely } = t.database;
  return kysely.selectFrom('choices').selectAll().orderBy('annotation_id').execute();
};
const remove = (id: number) => t.request({ method: 'POST', url: '/annotations/delete', payload: { items: [{ id }] } });

/** Sends requests of someone with these rights. */
async function withRights(
  capabilities: Capability[],
  subject = 'someone',
): Promise<{
  app: FastifyInstance;
  send: (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object) => Promise<Answer>;
}> {
  const app = await createApp({
    ...t.dependencies,
    authenticate: async () => ({ subject, project: 'demo', capabilities }),
  });
  return {
    app,
    send: (method, path, payload) =>
      app.inject({ method, url: `/api/v1/projects/demo${path}`, payload, headers: { authorization: 'Bearer any' } }),
  };
}
const files: Capability = { acl: 'filesAcl', actions: ['READ'] };
const rights = (...actions: Capability['actions'][number][]): Capability => ({ acl: 'annotationsAcl', actions });

describe('POST kontur/annotations', () => {
  it('saves the whole outline, and one polygon of it on the wire', async () => {
    const saved = await save({ score: 0.5, attributes: { open: { type: 'boolean', value: true } }, byHand: true });
    expect(saved).toMatchObject({
      ...{ label: 'pump', rings: RINGS, byHand: true, status: 'approved', fileName: 'yard.jpg' },
      ...{ annotatedResourceId: fileId, annotationType: 'images.ObjectDetection', creatingApp: 'kontur' },
      createdBy: saved.creatingUser,
      updatedBy: saved.creatingUser,
    });
    const wire = (await t.request({ url: `/annotations/${saved.id}` })).json();
    expect(Object.keys(wire)).toHaveLength(11);
    expect(wire.data).toMatchObject({ label: 'pump', confidence: 0.5, attributes: { open: { value: true } } });
    expect(wire.data.polygon.vertices).toHaveLength(16);
    expect(area(readOutline(wire.data.polygon))).toBe(area(RINGS));
    expect((await get(`?fileId=${fileId}`)).json().items[0]).toEqual(saved);
  });

  it.each<[string, object, RegExp]>([
    ['no parts', { rings: [] }, /rings/],
    ['a ring of two corners', { rings: [[square(0, 0, 1).slice(0, 2)]] }, /rings/],
    ['a corner outside the photo', { rings: [[square(0.5, 0.5, 0.6)]] }, /rings/],
    ['a corner that is no number', { rings: [[[...square(0.5, 0.5, 0.1), { x: null, y: 0 }]]] }, /rings/],
    [
      'corners on one line',
      { rings: [[[0.1, 0.2, 0.3].map((x) => ({ x, y: x }))]] },
      /items\[0\].rings\[0\]\[0\] encloses nothing/,
    ],
    [
      'a ring that crosses itself',
      {
        rings: [
          [
            [
              [0, 0],
              [1, 1],
              [1, 0],
              [0, 0.5],
            ].map(([x, y]) => ({ x, y })),
          ],
        ],
      },
      /crosses itself near/,
    ],
    ['a hole that crosses its outline', { rings: [[square(0.1, 0.1, 0.2), square(0.2, 0.2, 0.2)]] }, /crosses itself/],
    [
      'a hole outside its outline',
      { rings: [[square(0.1, 0.1, 0.2), square(0.5, 0.5, 0.2)]] },
      /hole outside its outline/,
    ],
    ['a part within another', { rings: [[square(0.1, 0.1, 0.5)], [square(0.2, 0.2, 0.2)]] }, /part within another/],
    ['10,001 vertices', { rings: [[circle(0.5, 0.5, 0.4, 10_001)]] }, /rings/],
    ['a label of 129 characters', { label: 'x'.repeat(129) }, /label/],
    ['a score of 2', { score: 2 }, /score/],
    ['an attribute without a value', { attributes: { open: { type: 'boolean' } } }, /attributes/],
    ['a file that there is not', { fileId: 5 }, /File ids not found: 5/],
  ])('refuses %s, and saves nothing of the request', async (_, more, message) => {
    const before = await count();
    const answer = await post([object(), object(more)].toReversed());
    expect(answer.json().error).toMatchObject({ code: 400, message: expect.stringMatching(message) });
    expect(await count()).toBe(before);
  });

  it('bounds the work on what is built to be slow', async () => {
    // Every edge overlaps every other from left to right.
    const comb = Array.from({ length: 9_000 }, (_, index) => ({ x: index % 2, y: index / 9_000 }));
    const started = process.cpuUsage();
    const answer = await post([object({ rings: [[comb]] })]);
    const { user } = process.cpuUsage(started);
    expect(answer.statusCode).toBe(400);
    expect(user / 1e6).toBeLessThan(10);
    const many = await post([object({ rings: [[Array.from({ length: 100_000 }, () => ({ x: 0.5, y: 0.5 }))]] })]);
    expect([400, 413]).toContain(many.statusCode);
  });

  it('takes rings that touch', async () => {
    const touching: Outline = [[square(0, 0, 0.5)], [square(0.5, 0.5, 0.5)]];
    const { rings } = await save({ rings: touching });
    expect(rings).toEqual(touching);
  });
});

describe('POST kontur/segment/{jobId}/annotation', () => {
  async function finishJob(): Promise<number> {
    const headers = { 'cdf-version': 'beta' };
    const payload = { items: [{ fileId }], points: [{ x: 0.5, y: 0.5 }] };
    const { jobId } = (await t.request({ method: 'POST', url: '/context/vision/segment', headers, payload })).json();
    await until(
      async () => (await t.request({ url: `/context/vision/segment/${jobId}` })).json().status === 'Completed',
    );
    return jobId;
  }

  it('saves two parts with a hole within 1000 vertices and a thousandth of their area', async () => {
    const jobId = await finishJob();
    const path = `/kontur/segment/${jobId}/annotation`;
    const answer = await t.request({ method: 'POST', url: path, payload: { label: 'tank', status: 'suggested' } });
    expect([answer.statusCode, answer.json().error]).toEqual([201, undefined]);
    const saved: NamedAnnotation = answer.json();
    expect(saved).toMatchObject({ label: 'tank', status: 'suggested', byHand: false, data: { confidence: 0.875 } });
    expect(saved.rings!.map((part) => part.map((ring) => ring.length))).toEqual([[700, 200], [400]]);
    const wanted = (Math.PI * (900 ** 2 - 300 ** 2 + 500 ** 2)) / (4000 * 3000);
    expect(Math.abs(area(saved.rings!) - wanted) / wanted).toBeLessThan(0.001);
    const polygon = saved.data.polygon as Parameters<typeof readOutline>[0];
    expect(polygon.vertices.length).toBeLessThanOrEqual(1000);
    expect(readOutline(polygon).map((part) => part.length)).toEqual([2, 1]);
    expect(Math.abs(area(readOutline(polygon)) - wanted) / wanted).toBeLessThan(0.001);
    const [choice] = (await choices()).filter(({ annotation_id }) => annotation_id === saved.id);
    expect(choice).toMatchObject({ label: 'tank', rank: 0, token: null, corrected: false });
    expect(choice!.area).toBeCloseTo(wanted, 4);

    for (const [payload, status] of [
      [{ label: 'tank', segment: 3 }, 404],
      [{ label: 'tank', status: 'rejected' }, 400],
      [{}, 400],
    ] as const) {
      expect((await t.request({ method: 'POST', url: path, payload })).statusCode).toBe(status);
    }
    const none = await t.request({ method: 'POST', url: '/kontur/segment/1/annotation', payload: { label: 'a' } });
    expect(none.statusCode).toBe(404);
  });
});

describe('PATCH kontur/annotations', () => {
  it('changes label, status, outline and attributes, and keeps a history', async () => {
    const saved = await save();
    const triangle = [
      [
        [
          { x: 0.1, y: 0.1 },
          { x: 0.9, y: 0.1 },
          { x: 0.5, y: 0.9 },
        ],
      ],
    ];
    const renamed = (await patch([{ id: saved.id, label: 'valve', status: 'rejected' }])).json().items[0];
    expect(renamed).toMatchObject({ label: 'valve', status: 'rejected', rings: RINGS });
    const drawn = await patch([
      { id: saved.id, rings: triangle, byHand: true, lastUpdatedTime: renamed.lastUpdatedTime },
    ]);
    expect(drawn.json().items[0]).toMatchObject({ label: 'valve', rings: triangle, byHand: true });
    const { items } = (await get(`/${saved.id}/history`)).json();
    expect(items).toMatchObject([
      { change: 'updated', label: 'valve', status: 'rejected', isOutlineChanged: true },
      { change: 'updated', label: 'valve', status: 'rejected', isOutlineChanged: false },
      { change: 'created', label: 'pump', status: 'approved', isOutlineChanged: true },
    ]);
    const crossing = [[square(0.1, 0.1, 0.2), square(0.2, 0.2, 0.2)]];
    expect((await patch([{ id: saved.id, rings: crossing }])).statusCode).toBe(400);
    expect((await patch([{ id: 4, label: 'a' }])).json()).toMatchObject({ error: { code: 404, missing: [{ id: 4 }] } });
    expect((await patch([{ id: saved.id }, { id: saved.id }])).statusCode).toBe(409);
  });

  it('tells the second of two who write at once, and writes nothing of that request', async () => {
    const [one, other] = [await save(), await save()];
    const { lastUpdatedTime } = one;
    const first = await patch([{ id: one.id, lastUpdatedTime, label: 'first' }]);
    expect(first.statusCode).toBe(200);
    const second = await patch([
      { id: other.id, label: 'second' },
      { id: one.id, lastUpdatedTime, label: 'second' },
    ]);
    expect(second.statusCode).toBe(409);
    expect(second.json().error).toMatchObject({
      message: expect.stringContaining(String(one.id)),
      current: [first.json().items[0]],
    });
    const labels = (await get(`?fileId=${fileId}&label=second`)).json();
    expect(labels.items).toEqual([]);
  });

  it('leaves other geometry alone', async () => {
    const payload = {
      annotatedResourceType: 'file',
      annotatedResourceId: fileId,
      annotationType: 'images.Classification',
      ...{ creatingApp: 'a', creatingAppVersion: '1', creatingUser: null, status: 'suggested' },
      data: { label: 'outdoors' },
    };
    const created = await t.request({ method: 'POST', url: '/annotations', payload: { items: [payload] } });
    const [{ id }] = created.json().items;
    expect((await patch([{ id, rings: RINGS }])).json().error.message).toContain('images.Classification');
    const changed = (await patch([{ id, label: 'indoors', status: 'approved' }])).json().items[0];
    expect(changed).toMatchObject({ label: 'indoors', status: 'approved', data: { label: 'indoors' } });
    expect(changed).not.toHaveProperty('rings');
  });
});

describe('GET kontur/annotations', () => {
  it('filters, and pages from the latest change on', async () => {
    const photo = await createFile('filtered', {});
    const made = [];
    for (const label of ['a', 'b', 'a', 'c']) made.push(await save({ fileId: photo, label }));
    await patch([{ id: made[0]!.id, status: 'rejected' }]);
    const ids = async (query: string) =>
      (await get(`?fileId=${photo}${query}`)).json().items.map(({ id }: { id: number }) => id);
    expect((await ids(''))[0]).toBe(made[0]!.id);
    expect((await ids('&label=a')).toSorted()).toEqual([made[0]!.id, made[2]!.id].toSorted());
    expect(await ids('&status=rejected')).toEqual([made[0]!.id]);
    expect(await ids('&creatingUser=nobody')).toEqual([]);
    expect(await ids('&annotationType=images.Classification')).toEqual([]);
    const seen: number[] = [];
    for (let cursor = ''; ; ) {
      const page = (await get(`?fileId=${photo}&limit=3${cursor}`)).json();
      seen.push(...page.items.map(({ id }: { id: number }) => id));
      if (page.nextCursor === undefined) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(seen.toSorted()).toEqual(made.map(({ id }) => id).toSorted());
    expect((await get('?cursor=nonsense')).statusCode).toBe(400);
    expect((await get('?limit=1001')).statusCode).toBe(400);
    expect((await get('?fileId=7')).statusCode).toBe(400);
    const facets = (await get('/facets')).json();
    expect(facets.labels).toContainEqual({ label: 'a', count: 2 });
    expect(facets.statuses.map(({ status }: { status: string }) => status).toSorted()).toContain('rejected');
    expect(facets.users[0]).toMatchObject({ user: made[0]!.createdBy });
  });
});

describe('POST kontur/annotations/restore', () => {
  it('brings a deleted annotation back with its outline, once', async () => {
    const saved = await save();
    await remove(saved.id);
    expect((await get(`/${saved.id}/history`)).json().items[0]).toMatchObject({ change: 'deleted' });
    const restore = () => t.request({ method: 'POST', url: `${url}/restore`, payload: { items: [{ id: saved.id }] } });
    expect((await restore()).json().items[0]).toMatchObject({ id: saved.id, rings: RINGS });
    expect((await restore()).json().error).toMatchObject({ code: 404, missing: [{ id: saved.id }] });
    expect((await get(`/${saved.id}/history`)).json().items[0]).toMatchObject({ change: 'restored' });
  });
});

describe('what was chosen', () => {
  it('is kept with its origin, follows corrections, and goes with the photo or by one call', async () => {
    const photo = await createFile('chosen', {});
    const origin = { jobId: 5, segment: 1, rank: 2, token: 3, score: 0.5 };
    const [kept, gone] = [await save({ fileId: photo, label: 'gate', origin }), await save({ label: 'door', origin })];
    await save({ label: 'door' });
    const of = async (id: number) => (await choices()).find(({ annotation_id }) => annotation_id === id);
    expect(await of(kept.id)).toMatchObject({ label: 'gate', token: 3, rank: 2, area: area(RINGS), corrected: false });
    await patch([{ id: kept.id, rings: [[square(0, 0, 0.5)]] }]);
    expect(await of(kept.id)).toMatchObject({ area: 0.25, corrected: true });
    const erased = await t.request({ method: 'DELETE', url: '/kontur/choices?label=door' });
    expect(erased.json()).toEqual({ erased: 1 });
    expect(await of(gone.id)).toBeUndefined();
    expect((await t.request({ method: 'DELETE', url: '/kontur/choices?dataSetId=77' })).json()).toEqual({ erased: 0 });
    await t.request({ method: 'POST', url: '/files/delete', payload: { items: [{ id: photo }] } });
    expect(await of(kept.id)).toBeUndefined();
  });
});

describe('rights', () => {
  it('are those of the annotations, and reading needs the photo', async () => {
    const saved = await save();
    const id = saved.id;
    const inSet = await createFile('in-set', { dataSetId: 5 });
    await save({ fileId: inSet, label: 'hidden' });
    const steps = [
      ['suggest', 'POST', url, { items: [object({ status: 'suggested' })] }],
      ['approve', 'POST', url, { items: [object()] }],
      ['review', 'PATCH', url, { items: [{ id, status: 'approved' }] }],
      ['rename', 'PATCH', url, { items: [{ id, label: 'other' }] }],
      ['read', 'GET', url, undefined],
      ['erase', 'DELETE', '/kontur/choices', undefined],
      ['restore', 'POST', `${url}/restore`, { items: [{ id }] }],
    ] as const;
    for (const [capabilities, allowed] of [
      [[files], ['read']],
      [
        [files, rights('SUGGEST')],
        ['suggest', 'read'],
      ],
      [
        [files, rights('REVIEW')],
        ['review', 'read'],
      ],
      [
        [files, rights('WRITE')],
        ['suggest', 'approve', 'review', 'rename', 'read', 'erase', 'restore'],
      ],
      [[rights('WRITE')], []],
    ] as const) {
      const { app, send } = await withRights([...capabilities]);
      const done = [];
      for (const [name, method, path, payload] of steps) {
        const { statusCode } = await send(method, path, payload);
        // Nothing is deleted, so that whoever may restore is told that it is not there.
        if (statusCode < 300 || (name === 'restore' && statusCode === 404)) done.push(name);
        else expect(statusCode).toBe(403);
      }
      expect(done).toEqual(allowed);
      await app.close();
    }
    const { app, send } = await withRights([{ ...files, dataSetIds: [6] }, rights('WRITE')]);
    expect((await send('GET', url)).json()).toEqual({ items: [] });
    expect((await send('GET', `${url}?fileId=${inSet}`)).statusCode).toBe(403);
    expect((await send('GET', `${url}/facets`)).json()).toEqual({ labels: [], statuses: [], users: [] });
    expect((await send('GET', `${url}/${id}/history`)).statusCode).toBe(404);
    expect((await send('PATCH', url, { items: [{ id, label: 'x' }] })).statusCode).toBe(404);
    expect((await send('POST', url, { items: [object({ fileId: inSet })] })).statusCode).toBe(403);
    await app.close();
  });
});
