import assert from 'node:assert/strict';
import { checksOf } from '../check.ts';
import { expectPart, expectRefusal, expectStatus, expectThat } from '../expect.ts';
import { BOX, DISC, drawDisc, POINT, readPhoto } from '../photos.ts';
import { containsPoint, extent } from '../polygons.ts';
import type { Job, Point, Prompt, Segment } from '../wire.ts';
import type { World } from '../world.ts';

const ROUTE = '/context/vision/segment';
const photo = (world: World) =>
  world.once('photo', () =>
    world.uploadFile(readPhoto(), { name: 'boats.jpg', mimeType: 'image/jpeg', externalId: world.name() }),
  );
const run = async (world: World, fileId: number, prompt: Prompt) =>
  world.settled((await world.postJob(fileId, prompt)).jobId);
const completed = (world: World, prompt: Prompt = { points: [POINT] }) =>
  world.once(`job on the photo ${JSON.stringify(prompt)}`, async () => {
    const job = await run(world, (await photo(world)).id, prompt);
    expectPart(job, { status: 'Completed' });
    return job;
  });
const failed = (world: World) =>
  world.once('failed job', async () => run(world, (await world.createFile()).id, { points: [POINT] }));
const segmentsOf = (job: Job): Segment[] => job.items[0]!.segments;
const vertices = (job: Job) => segmentsOf(job).flatMap(({ polygons }) => polygons.map((polygon) => polygon.vertices));

export const completedJobChecks = checksOf('GET /context/vision/segment/{jobId}: Completed', (mark) => {
  const { documented, observed, inferred, ours } = mark;

  documented('status: Completed', async (world) => void (await completed(world)));
  documented('jobId and createdTime: those of the POST', async (world) => {
    const { id } = await photo(world);
    const { jobId, createdTime } = await world.postJob(id, { points: [POINT] });
    expectPart(await world.settled(jobId), { jobId, createdTime });
  });
  documented('createdTime <= startTime <= statusTime', async (world) => {
    const { createdTime, startTime, statusTime } = await completed(world);
    expectThat(
      createdTime <= startTime! && startTime! <= statusTime,
      `they are ${createdTime}, ${startTime}, ${statusTime}`,
    );
  });
  documented('errorMessage: null', async (world) => assert.equal((await completed(world)).errorMessage, null));
  documented('failedItems: []', async (world) => assert.deepEqual((await completed(world)).failedItems, []));
  documented('prompt: points and boundingBox nested, as in the POST', async (world) => {
    const prompt = { points: [{ ...POINT, label: 1 }], boundingBox: { ...BOX, xMin: 0.3, yMin: 0.3 } };
    const job = await completed(world, prompt);
    assert.deepEqual(job.prompt, prompt);
    assert.ok(!('points' in job) && !('boundingBox' in job));
  });
  documented('items: one, with fileId, fileExternalId and segments', async (world) => {
    const { id, externalId } = await photo(world);
    const { items } = await completed(world);
    expectPart(items, [{ fileId: id, fileExternalId: externalId }]);
    assert.equal(items.length, 1);
  });
  documented('items: no fileInstanceId', async (world) => {
    const content = await drawDisc('png');
    const instanceId = await world.createInstance({ name: 'disc.png', mimeType: 'image/png' });
    const { items } = await world.client.create<{ items: { uploadUrl: string }[] }>('/files/uploadlink', {
      items: [{ instanceId }],
    });
    await world.client.send('PUT', items[0]!.uploadUrl, content, { headers: [] });
    const { id } = await world.readFile({ instanceId });
    const job = await run(world, id, { points: [DISC] });
    assert.deepEqual(Object.keys(job.items[0]!).sort(), ['fileId', 'segments']);
  });
  documented('segments: at least one for a point on an object', async (world) =>
    assert.ok(segmentsOf(await completed(world)).length > 0),
  );
  documented('score: 0 to 1', async (world) => {
    for (const { score } of segmentsOf(await completed(world))) assert.ok(score >= 0 && score <= 1);
  });
  ours('segments: best score first', async (world) => {
    const scores = segmentsOf(await completed(world)).map(({ score }) => score);
    assert.deepEqual(
      scores,
      scores.toSorted((a, b) => b - a),
    );
  });
  documented('vertices: 3 to 1000 a polygon', async (world) => {
    for (const ring of vertices(await completed(world))) assert.ok(ring.length >= 3 && ring.length <= 1000);
  });
  documented('vertices: fractions 0 to 1', async (world) => {
    const all = vertices(await completed(world)).flat();
    for (const { x, y } of all) assert.ok(x >= 0 && x <= 1 && y >= 0 && y <= 1);
  });
  documented('vertices: the first is not repeated at the end', async (world) => {
    for (const ring of vertices(await completed(world))) assert.notDeepEqual(ring[0], ring.at(-1));
  });
  documented('points: a foreground point lies in the best segment', async (world) => {
    const [best] = segmentsOf(await completed(world));
    assert.ok(containsPoint(best!, POINT));
  });
  documented('points: a background point cuts off what it marks', async (world) => {
    const [all] = segmentsOf(await completed(world, { boundingBox: BOX }));
    const inside = centre(all!);
    const [rest] = segmentsOf(await completed(world, { boundingBox: BOX, points: [{ ...inside, label: 0 }] }));
    assert.ok(containsPoint(all!, inside) && !(rest && containsPoint(rest, inside)));
  });
  documented('boundingBox: the segment lies in and about it', async (world) => {
    const { xMin, yMin, xMax, yMax } = extent(segmentsOf(await completed(world, { boundingBox: BOX }))[0]!);
    const margin = 0.1;
    assert.ok(xMin > BOX.xMin - margin && yMin > BOX.yMin - margin && xMax <= 1 && yMax < BOX.yMax + margin);
  });
  observed('no cdf-version is needed to read a job', async (world) => {
    const { jobId } = await completed(world);
    expectStatus(await world.client.get(`${ROUTE}/${jobId}`, { headers: [] }), 200);
  });
  ours('a job reads the same again', async (world) => {
    const job = await completed(world);
    assert.deepEqual((await world.client.get(`${ROUTE}/${job.jobId}`)).body, job);
  });
  ours('the same prompt on the same image gives the same segments', async (world) => {
    const again = await run(world, (await photo(world)).id, { points: [POINT] });
    assert.deepEqual(again.items, (await completed(world)).items);
  });
  ours('background points alone give no segments', async (world) => {
    assert.deepEqual(segmentsOf(await completed(world, { points: [{ ...POINT, label: 0 }] })), []);
  });

  const disc = async (world: World, content: Buffer, properties: object) => {
    const { id } = await world.uploadFile(content, properties);
    const job = await run(world, id, { points: [{ x: DISC.x, y: DISC.y }] });
    expectPart(job, { status: 'Completed' });
    const { xMin, yMin, xMax, yMax } = extent(segmentsOf(job)[0]!);
    const found = { xMin, yMin, xMax, yMax };
    const wanted = {
      xMin: DISC.x - DISC.radius.x,
      yMin: DISC.y - DISC.radius.y,
      xMax: DISC.x + DISC.radius.x,
      yMax: DISC.y + DISC.radius.y,
    };
    for (const side of ['xMin', 'yMin', 'xMax', 'yMax'] as const) {
      expectThat(Math.abs(found[side] - wanted[side]) < 0.03, `the disc was found at ${JSON.stringify(found)}`);
    }
  };
  documented('a file named .png of mimeType image/png is segmented', async (world) =>
    disc(world, await drawDisc('png'), { name: 'disc.png', mimeType: 'image/png' }),
  );
  documented('a file named .jpeg of mimeType image/jpeg is segmented', async (world) =>
    disc(world, await drawDisc('jpeg'), { name: 'disc.jpeg', mimeType: 'image/jpeg' }),
  );
  ours('an extension in capitals and no mimeType do', async (world) =>
    disc(world, await drawDisc('jpeg'), { name: 'DISC.JPG' }),
  );
  ours('the format is that of the content, whatever the name says', async (world) =>
    disc(world, await drawDisc('png'), { name: 'disc.jpg', mimeType: 'image/jpeg' }),
  );
  inferred('coordinates are those of the upright image: EXIF orientation is applied', async (world) =>
    disc(world, await drawDisc('jpeg', { turned: true }), { name: 'turned.jpg', mimeType: 'image/jpeg' }),
  );
});

/** A point inside: the middle of the segment's extent, or else of one of its polygons. */
function centre(segment: Segment): Point {
  const candidates = [segment, ...segment.polygons.map((polygon) => ({ ...segment, polygons: [polygon] }))];
  const middles = candidates.map(extent).map(({ xMin, yMin, xMax, yMax }) => ({
    x: (xMin + xMax) / 2,
    y: (yMin + yMax) / 2,
  }));
  return middles.find((point) => containsPoint(segment, point)) ?? middles[0]!;
}

export const failedJobChecks = checksOf('GET /context/vision/segment/{jobId}: Failed', (mark) => {
  const { documented, observed, inferred, ours } = mark;

  documented('status: Failed', async (world) => assert.equal((await failed(world)).status, 'Failed'));
  inferred('startTime: a number', async (world) => assert.equal(typeof (await failed(world)).startTime, 'number'));
  inferred('items: []', async (world) => assert.deepEqual((await failed(world)).items, []));
  documented('errorMessage: a text', async (world) => assert.ok((await failed(world)).errorMessage));
  observed('failedItems: there, with the reason and the file', async (world) => {
    const { failedItems, errorMessage } = await failed(world);
    assert.equal(failedItems.length, 1);
    assert.equal(failedItems[0]!.errorMessage, errorMessage);
    assert.equal(typeof failedItems[0]!.items[0]!.fileId, 'number');
  });
  documented('prompt: as in the POST', async (world) =>
    assert.deepEqual((await failed(world)).prompt, { points: [{ ...POINT, label: 1 }] }),
  );

  const failsWith = (content: Uint8Array | undefined, properties: object, message: RegExp) => async (world: World) => {
    const file = content === undefined ? world.createFile(properties) : world.uploadFile(content, properties);
    const job = await run(world, (await file).id, { points: [POINT] });
    assert.equal(job.status, 'Failed');
    assert.match(job.errorMessage!, message);
  };
  const jpeg = { name: 'a.jpg', mimeType: 'image/jpeg' };
  const bytes = (text: string) => Buffer.from(text);
  documented('a name that ends otherwise fails the job', failsWith(readPhoto(), { name: 'a.gif' }, /a\.gif/));
  documented(
    'another mimeType fails the job',
    failsWith(readPhoto(), { name: 'a.jpg', mimeType: 'image/tiff' }, /image\/tiff/),
  );
  ours('a file that was never uploaded fails the job, which says so', failsWith(undefined, jpeg, /upload/i));
  ours('an empty upload is accepted and fails the job', failsWith(new Uint8Array(), jpeg, /empty/i));
  ours('text as content fails the job', failsWith(bytes('no picture at all, just text'), jpeg, /a\.jpg/));
  ours('half a JPEG fails the job', failsWith(readPhoto().subarray(0, 40_000), jpeg, /a\.jpg/));
  ours('a Blob that the JavaScript SDK sent as {} fails the job, which says so', failsWith(bytes('{}'), jpeg, /JSON/));
  ours(
    'a Uint8Array that it sent as {"0":137,…} fails the job, which says so',
    failsWith(bytes('{\n  "0": 137,\n  "1": 80,\n  "2": 78,\n  "3": 71\n}'), jpeg, /JSON/),
  );
});

export const jobIdChecks = checksOf('GET /context/vision/segment/{jobId}: the id', ({ ours }) => {
  ours('an unknown id is answered 404', async ({ client }) => expectRefusal(await client.get(`${ROUTE}/999991`), 404));
  ours('an id that is no whole number from 1 on is answered 400', async ({ client }) => {
    for (const id of ['abc', '1.5', '0', '-1', '9007199254740993']) {
      expectRefusal(await client.get(`${ROUTE}/${id}`), 400);
    }
  });
});
