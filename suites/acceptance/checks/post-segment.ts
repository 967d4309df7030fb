import assert from 'node:assert/strict';
import { checksOf } from '../check.ts';
import { expectPart, expectRefusal, expectStatus, expectThat } from '../expect.ts';
import { BOX, POINT } from '../photos.ts';
import type { HeaderLine } from '../send-request.ts';
import type { CreatedJob, FileOfJob } from '../wire.ts';
import type { World } from '../world.ts';

const ROUTE = '/context/vision/segment';
const MOST_POINTS = 100;

/** A file that jobs are posted on; they fail late, which nothing here waits for. */
const target = (world: World) => world.once('file for posts', () => world.createFile({ externalId: world.name() }));
const reference = async (world: World) => ({ fileId: (await target(world)).id });
const post = async (world: World, prompt: object) =>
  world.client.post<CreatedJob>(ROUTE, { items: [await reference(world)], ...prompt });
const created = async (world: World, prompt: object = { points: [POINT] }) => {
  const answer = await post(world, prompt);
  expectStatus(answer, 200);
  return answer.body;
};
const withVersions =
  (...headers: HeaderLine[]) =>
  async (world: World) => {
    const body = { items: [await reference(world)], points: [POINT] };
    const type: HeaderLine = ['Content-Type', 'application/json'];
    return world.client.post(ROUTE, body, { headers: [type, ...headers] });
  };
const nPoints = (count: number) => Array.from({ length: count }, (_, i) => ({ x: i / count, y: 0.5 }));

export const postSegmentChecks = checksOf('POST /context/vision/segment', (mark) => {
  const { documented, observed, inferred, ours } = mark;

  documented('is answered 200', async (world) => void (await created(world)));
  documented('status: Queued', async (world) => assert.equal((await created(world)).status, 'Queued'));
  documented('jobId: a whole number that a double holds', async (world) =>
    assert.ok(Number.isSafeInteger((await created(world)).jobId)),
  );
  documented('createdTime: milliseconds of now', async (world) => {
    const { createdTime } = await created(world);
    expectThat(Math.abs(createdTime - Date.now()) < 3_600_000, `createdTime is ${createdTime}`);
  });
  documented('statusTime: that of the creation', async (world) => {
    const { createdTime, statusTime } = await created(world);
    assert.equal(statusTime, createdTime);
  });
  observed('startTime: null, and the key is there', async (world) =>
    assert.equal((await created(world)).startTime, null),
  );
  documented('errorMessage: null', async (world) => assert.equal((await created(world)).errorMessage, null));
  documented('points: echoed at top level', async (world) => {
    const points = [
      { ...POINT, label: 1 },
      { x: 0.1, y: 0.2, label: 0 },
    ];
    assert.deepEqual((await created(world, { points })).points, points);
  });
  ours('points: label is echoed as 1 where it was left out', async (world) =>
    assert.deepEqual((await created(world)).points, [{ ...POINT, label: 1 }]),
  );
  documented('boundingBox: echoed at top level', async (world) =>
    assert.deepEqual((await created(world, { boundingBox: BOX })).boundingBox, BOX),
  );
  documented('points and boundingBox together are accepted', async (world) =>
    expectPart(await created(world, { points: [{ ...POINT, label: 1 }], boundingBox: BOX }), { boundingBox: BOX }),
  );
  documented('what was not given is not echoed', async (world) => {
    assert.ok(!('boundingBox' in (await created(world))));
    assert.ok(!('points' in (await created(world, { boundingBox: BOX }))));
  });
  ours('points: [] together with a box counts as no points', async (world) =>
    assert.ok(!('points' in (await created(world, { points: [], boundingBox: BOX })))),
  );
  documented('label may be written 1.0', async (world) => {
    const { id } = await target(world);
    const text = `{"items":[{"fileId":${id}}],"points":[{"x":0.5,"y":0.5,"label":1.0}]}`;
    expectStatus(await world.client.post(ROUTE, Buffer.from(text)), 200);
  });
  documented('coordinates: 0 and 1 are inside', async (world) => {
    await created(world, { boundingBox: { xMin: 0, yMin: 0, xMax: 1, yMax: 1 }, points: [{ x: 0, y: 1 }] });
  });

  const answered = async (world: World, item: object) => {
    const body = { items: [item], points: [POINT] };
    return (await world.client.create<CreatedJob>(ROUTE, body)).items as FileOfJob[];
  };
  documented('items: fileId is accepted and answered', async (world) => {
    const { id } = await target(world);
    expectPart(await answered(world, { fileId: id }), [{ fileId: id }]);
  });
  observed('items: fileExternalId is answered where the file has one, whatever it was named by', async (world) => {
    const { id, externalId } = await target(world);
    assert.deepEqual(await answered(world, { fileId: id }), [{ fileId: id, fileExternalId: externalId }]);
  });
  documented('items: fileExternalId is accepted and resolved', async (world) => {
    const { id, externalId } = await target(world);
    const items = await answered(world, { fileExternalId: externalId });
    assert.deepEqual(items, [{ fileId: id, fileExternalId: externalId }]);
  });
  documented('items: fileInstanceId is accepted and resolved', async (world) => {
    const instanceId = await world.once('instance for posts', () => world.createInstance());
    const { id } = await world.readFile({ instanceId });
    const items = await answered(world, { fileInstanceId: instanceId });
    assert.deepEqual(items, [{ fileId: id, fileInstanceId: instanceId }]);
  });
  observed('items: ids that the file does not have are left out', async (world) => {
    const { id } = await world.createFile();
    assert.deepEqual(await answered(world, { fileId: id }), [{ fileId: id }]);
  });
  observed('a file without content, of whatever name and type, is accepted', async (world) => {
    const { id } = await world.createFile({ name: 'a.txt', mimeType: 'text/plain' });
    expectPart(await world.postJob(id, { points: [POINT] }), { status: 'Queued' });
  });

  for (const version of ['beta', 'alpha', '20230101-beta', '20230101-alpha']) {
    documented(`cdf-version ${version} is accepted`, async (world) =>
      expectStatus(await withVersions(['cdf-version', version])(world), 200),
    );
  }
  observed('cdf-version "V20210406, beta" is accepted', async (world) =>
    expectStatus(await withVersions(['cdf-version', 'V20210406, beta'])(world), 200),
  );
  observed('two lines, cdf-version V20210406 and Cdf-Version beta, are accepted', async (world) =>
    expectStatus(await withVersions(['cdf-version', 'V20210406'], ['Cdf-Version', 'beta'])(world), 200),
  );
  inferred('no cdf-version, or none of beta or alpha, is answered 400', async (world) => {
    expectRefusal(await withVersions()(world), 400);
    expectRefusal(await withVersions(['cdf-version', 'V20210406'])(world), 400);
  });

  const refused: Record<'documented' | 'inferred' | 'ours', [rule: string, body: object][]> = {
    documented: [
      ['points and boundingBox both left out', {}],
      ['items left out', { items: undefined, points: [POINT] }],
      ['items: []', { items: [], points: [POINT] }],
      ['items: two files', { items: [{ fileId: 1 }, { fileId: 2 }], points: [POINT] }],
      ['items: a file named by nothing', { items: [{}], points: [POINT] }],
      ['items: a file named in two ways', { items: [{ fileId: 1, fileExternalId: 'a' }], points: [POINT] }],
      ['fileId as a string', { items: [{ fileId: '1' }], points: [POINT] }],
      ['fileInstanceId without space', { items: [{ fileInstanceId: { externalId: 'a' } }], points: [POINT] }],
      ['two equal points', { points: [POINT, POINT] }],
      ['points: no list', { points: POINT }],
      ['x below 0', { points: [{ x: -0.001, y: 0.5 }] }],
      ['x above 1', { points: [{ x: 1.001, y: 0.5 }] }],
      ['y above 1', { points: [{ x: 0.5, y: 1.001 }] }],
      ['y left out', { points: [{ x: 0.5 }] }],
      ['x as a string', { points: [{ x: '0.5', y: 0.5 }] }],
      ['label 2', { points: [{ ...POINT, label: 2 }] }],
      ['label 0.5', { points: [{ ...POINT, label: 0.5 }] }],
      ['label as a string', { points: [{ ...POINT, label: '1' }] }],
      ['boundingBox without yMax', { boundingBox: { xMin: 0.1, yMin: 0.1, xMax: 0.5 } }],
      ['boundingBox beyond 1', { boundingBox: { ...BOX, yMax: 1.001 } }],
    ],
    inferred: [
      ['xMin = xMax', { boundingBox: { ...BOX, xMin: BOX.xMax } }],
      ['yMin > yMax', { boundingBox: { ...BOX, yMin: 0.9, yMax: 0.8 } }],
    ],
    ours: [
      ['points: [] without a box', { points: [] }],
      ['two points that are equal once the label is filled in', { points: [POINT, { ...POINT, label: 1 }] }],
      [`${MOST_POINTS + 1} points`, { points: nPoints(MOST_POINTS + 1) }],
    ],
  };
  // Without `missing`: the request itself is what is wrong, not a file that does not exist.
  for (const [source, cases] of Object.entries(refused) as [keyof typeof refused, [string, object][]][]) {
    for (const [rule, body] of cases) {
      mark[source](`${rule}: 400`, async (world) =>
        expectRefusal(await post(world, body), 400, { missing: undefined }),
      );
    }
  }
  ours(`${MOST_POINTS} points are accepted`, async (world) => void (await created(world, { points: nPoints(100) })));

  const unknown = (item: object) => ({ items: [item], points: [POINT] });
  inferred('an unknown fileId is answered 400 with missing', async ({ client }) => {
    const answer = await client.post(ROUTE, unknown({ fileId: 999_991 }));
    expectRefusal(answer, 400, { missing: [{ id: 999_991 }], message: 'File ids not found: 999991' });
  });
  inferred('an unknown fileExternalId is answered 400 with missing', async ({ client, name }) => {
    const externalId = name();
    const answer = await client.post(ROUTE, unknown({ fileExternalId: externalId }));
    expectRefusal(answer, 400, { missing: [{ externalId }], message: `Files ids not found: ${externalId}` });
  });
  inferred('an unknown fileInstanceId is answered 400 with missing', async ({ client, name }) => {
    const instanceId = { space: 'nowhere', externalId: name() };
    const answer = await client.post(ROUTE, unknown({ fileInstanceId: instanceId }));
    expectRefusal(answer, 400, { missing: [{ instanceId }] });
  });
});
