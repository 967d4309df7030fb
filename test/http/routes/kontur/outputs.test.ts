import { check } from '@placemarkio/check-geojson';
import { PNG } from 'pngjs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KonturError } from '#contract/errors';
import type { Segment } from '#contract/vision/segment-job';
import { maskIou } from '#geometry/mask-iou';
import { rasterise } from '#geometry/rasterise';
import { addressOf } from '#outputs/output-format';
import { OUTPUT_FORMATS } from '#outputs/output-formats';
import type { JobResult } from '../../../../src/jobs/job-result.ts';
import { NOTHING } from '../../../../testing/test-jobs.ts';
import { SHAPES, SHAPES_IMAGE } from '../../../outputs/output-shapes.ts';
import { startTestApp, type TestApp } from '../../start-test-app.ts';

const { imageWidth: width, imageHeight: height } = SHAPES_IMAGE;
const truth = rasterise(SHAPES, width, height);
const pixels = truth.reduce((sum, value) => sum + value, 0);
/** In the hole of the first part. */
const IN_HOLE = 38 * width + 24;
const FOUND: JobResult = {
  ...NOTHING,
  ...SHAPES_IMAGE,
  segments: [
    { score: 0.9, parts: SHAPES },
    { score: 0.5, parts: SHAPES.slice(1) },
  ],
};
const ADDRESSES = OUTPUT_FORMATS.map(addressOf);

let t: TestApp;
let photo: Buffer;
let fileId: number;
let jobId: number;
/** What the engine's stand-in does; a test may set it. */
let run: () => Promise<JobResult>;

beforeAll(async () => {
  run = async () => FOUND;
  t = await startTestApp({ run: () => run() });
  const raw = { width, height, channels: 3 } as const;
  photo = await sharp(Buffer.alloc(width * height * 3, 100), { raw })
    .png()
    .toBuffer();
  fileId = await upload(photo);
  jobId = await settledJob(fileId);
});
afterAll(() => t?.close());

async function upload(content: Buffer, name = 'pump.png'): Promise<number> {
  const { id, uploadUrl } = (await t.request({ method: 'POST', url: '/files', payload: { name } })).json();
  await t.send({ method: 'PUT', url: uploadUrl, payload: content });
  return id;
}

async function post(id: number): Promise<number> {
  const payload = { items: [{ fileId: id }], points: [{ x: 0.5, y: 0.5 }] };
  const headers = { 'cdf-version': 'beta' };
  return (await t.request({ method: 'POST', url: '/context/vision/segment', headers, payload })).json().jobId;
}

async function settledJob(id: number): Promise<number> {
  const posted = await post(id);
  for (;;) {
    const { status } = (await t.request({ url: `/context/vision/segment/${posted}` })).json();
    if (status === 'Completed' || status === 'Failed') return posted;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const get = (output: string, headers: Record<string, string> = {}, id: unknown = jobId) =>
  t.request({ url: `/kontur/segment/${id}/${output}`, headers });
const alphaOf = ({ data }: PNG, offset: number) =>
  Uint8Array.from({ length: data.length / 4 }, (_, i) => Number(data[4 * i + offset]! > 127));

describe('a segment with a hole, in the formats of others', () => {
  it('mask.png has the very pixels', async () => {
    const answer = await get('mask.png');
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'image/png']);
    const png = PNG.sync.read(answer.rawPayload);
    expect([png.width, png.height]).toEqual([width, height]);
    expect(maskIou(alphaOf(png, 0), truth)).toBe(1);
    expect(alphaOf(png, 0)[IN_HOLE]).toBe(0);
  });

  it('cutout.png is the photo inside and nothing outside', async () => {
    const png = PNG.sync.read((await get('cutout.png')).rawPayload);
    expect(maskIou(alphaOf(png, 3), truth)).toBe(1);
    expect([...png.data.subarray(4 * IN_HOLE, 4 * IN_HOLE + 4)]).toEqual([0, 0, 0, 0]);
    const inside = truth.indexOf(1);
    expect([...png.data.subarray(4 * inside, 4 * inside + 4)]).toEqual([100, 100, 100, 255]);
  });

  it('coco.json names the file, and has polygons or run lengths as asked', async () => {
    const polygons = (await get('coco.json')).json();
    expect(polygons.images).toEqual([{ id: fileId, file_name: 'pump.png', width, height }]);
    expect(polygons.annotations[0].segmentation).toHaveLength(2);
    const rle = (await get('coco.json?encoding=uncompressed-rle')).json().annotations[0];
    expect(rle.area).toBe(pixels);
    expect(rle.segmentation.size).toEqual([height, width]);
    const compressed = (await get('coco.json?encoding=rle')).json().annotations[0];
    expect(compressed.segmentation.counts).toEqual(expect.any(String));
  });

  it('geojson is valid and keeps the holes', async () => {
    const answer = await get('geojson');
    expect(answer.headers['content-type']).toMatch('application/geo+json');
    const collection = check(answer.body) as { features: { geometry: { coordinates: unknown[][] } }[] };
    expect(collection.features[0]!.geometry.coordinates.map((rings) => rings.length)).toEqual([3, 1]);
  });

  it('svg draws the mask, and cannot act as a page', async () => {
    const answer = await get('svg');
    expect(answer.headers).toMatchObject({
      'content-type': 'image/svg+xml',
      'content-security-policy': expect.stringContaining('sandbox'),
      'x-content-type-options': 'nosniff',
      'content-disposition': `inline; filename="segment-${jobId}-0.svg"`,
    });
    const alpha = await sharp(answer.rawPayload).ensureAlpha().extractChannel(3).raw().toBuffer();
    const drawn = Uint8Array.from(alpha, (value) => Number(value > 127));
    expect(maskIou(drawn, truth)).toBeGreaterThan(0.97);
    expect(drawn[IN_HOLE]).toBe(0);
  });

  it('another segment is asked for by its index', async () => {
    const { features } = (await get('geojson?segment=1')).json();
    expect(features).toMatchObject([{ geometry: { type: 'Polygon' }, properties: { segment: 1, score: 0.5 } }]);
  });

  it('drawing.png is the photo with the outline over it', async () => {
    const answer = await get('drawing.png');
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'image/png']);
    const { data, width: drawnWidth, height: drawnHeight } = PNG.sync.read(answer.rawPayload);
    expect([drawnWidth, drawnHeight]).toEqual([512, 384]);
    const at = (x: number, y: number) => {
      const start = 4 * (Math.round((y * drawnHeight) / height) * drawnWidth + Math.round((x * drawnWidth) / width));
      return [...data.subarray(start, start + 3)];
    };
    expect(at(24, 38)).toEqual([100, 100, 100]);
    expect(at(100, 70)).not.toEqual([100, 100, 100]);
  });

  it('json is what the job shows, with the size of the photo, and has all segments', async () => {
    const job = (await t.request({ url: `/context/vision/segment/${jobId}` })).json();
    const { imageWidth, imageHeight, prompt, segments } = (await get('json')).json();
    expect({ imageWidth, imageHeight }).toEqual(SHAPES_IMAGE);
    expect([prompt, segments.map(({ score }: Segment) => score)]).toEqual([job.prompt, [0.9, 0.5]]);
  });

  it('the addresses that were there before others are there still', () => {
    expect(ADDRESSES).toEqual(expect.arrayContaining(['mask.png', 'cutout.png', 'coco.json', 'geojson', 'svg']));
  });

  it.each(ADDRESSES)('%s is not sent again to who has it, but to who may not read it nothing is', async (format) => {
    const first = await get(format);
    const { etag } = first.headers;
    expect(first.headers['cache-control']).toBe('private, no-cache');
    const again = await get(format, { 'if-none-match': `"other", ${etag}` });
    expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', etag]);
    const all = OUTPUT_FORMATS.some((known) => known.writesAll && addressOf(known) === format);
    const other = await get(`${format}?segment=1`, { 'if-none-match': String(etag) });
    if (!all) expect(other.statusCode).toBe(200);
    const url = `/kontur/segment/${jobId}/${format}`;
    const stranger = await t.requestOther({ url, headers: { 'if-none-match': String(etag) } });
    expect([stranger.statusCode, stranger.json().error.message]).toEqual([
      404,
      `There is no job ${jobId} in this project.`,
    ]);
  });
});

describe('refusals say what is wrong', () => {
  const messageOf = async (output: string, id: unknown = jobId) => {
    const answer = await get(output, {}, id);
    return [answer.statusCode, answer.json().error.message];
  };

  it('no such segment', async () => {
    expect(await messageOf('svg?segment=2')).toEqual([
      404,
      `Job ${jobId} has no segment 2: it found 2 segments, counted from 0.`,
    ]);
    run = async () => NOTHING;
    expect(await messageOf('mask.png', await settledJob(fileId))).toEqual([
      404,
      expect.stringContaining('it found no segments'),
    ]);
    run = async () => FOUND;
  });

  it('a job that failed, or has not ended', async () => {
    run = () => Promise.reject(new KonturError('image-animated', 'It moves.'));
    expect(await messageOf('geojson', await settledJob(fileId))).toEqual([409, expect.stringContaining('It moves.')]);
    let finish = (_: JobResult) => {};
    run = () =>
      new Promise((resolve) => {
        finish = resolve;
      });
    const running = await post(fileId);
    expect(await messageOf('geojson', running)).toEqual([409, expect.stringMatching(/Queued|Running/)]);
    run = async () => FOUND;
    finish(NOTHING);
  });

  it('no such job, no number, no such encoding', async () => {
    expect((await messageOf('svg', 123))[0]).toBe(404);
    for (const output of ['svg?segment=-1', 'svg?segment=x', 'coco.json?encoding=png']) {
      expect((await messageOf(output))[0]).toBe(400);
    }
    expect((await messageOf('svg', 'x'))[0]).toBe(400);
    const url = `/api/v1/projects/demo/kontur/segment/${jobId}/svg`;
    expect((await t.send({ url })).statusCode).toBe(401);
  });

  it('a photo that was deleted, to formats that need it; others are made of rings alone', async () => {
    const id = await upload(photo);
    const job = await settledJob(id);
    await t.request({ method: 'POST', url: '/files/delete', payload: { items: [{ id }] } });
    for (const format of OUTPUT_FORMATS) {
      const answer = await get(addressOf(format), {}, job);
      if (format.needs.every((need) => need === 'encoder'))
        expect([format.name, answer.statusCode]).toEqual([format.name, 200]);
      else
        expect(answer.json().error).toMatchObject({
          code: 400,
          message: expect.stringContaining(`File ${id} was deleted`),
        });
    }
  });
});

it('a photo that was replaced since is not shown under the old mask', async () => {
  const name = 'replaced.png';
  const create = (overwrite: boolean) =>
    t.request({ method: 'POST', url: `/files?overwrite=${overwrite}`, payload: { name, externalId: name } });
  const { id, uploadUrl } = (await create(false)).json();
  await t.send({ method: 'PUT', url: uploadUrl, payload: photo });
  const job = await settledJob(id);
  const again = (await create(true)).json();
  expect(again.id).toBe(id);
  await t.send({ method: 'PUT', url: again.uploadUrl, payload: await sharp(photo).negate().png().toBuffer() });
  const answer = await get('cutout.png', {}, job);
  expect([answer.statusCode, answer.json().error.message]).toEqual([400, expect.stringContaining('was replaced')]);
});

describe('thumbnails', () => {
  it('are small upright JPEGs, and known by their content', async () => {
    const url = `/kontur/files/${fileId}/thumbnail?width=60`;
    const answer = await t.request({ url });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'image/jpeg']);
    expect(await sharp(answer.rawPayload).metadata()).toMatchObject({ format: 'jpeg', width: 60, height: 45 });
    const { autoOrient } = await sharp(photo).metadata();
    const size = {
      width: Number(answer.headers['kontur-image-width']),
      height: Number(answer.headers['kontur-image-height']),
    };
    expect(size).toEqual(autoOrient);
    const headers = { 'if-none-match': String(answer.headers.etag) };
    expect((await t.request({ url, headers })).statusCode).toBe(304);
    expect((await t.request({ url: url.replace('width=60', 'width=61'), headers })).statusCode).toBe(200);
  });

  it.each<[id: () => Promise<number>, status: number, message: string, query?: string]>([
    [async () => upload(Buffer.from('GIF89a is none')), 400, 'GIF'],
    [async () => 12345, 400, 'not found'],
    [async () => fileId, 400, 'at least 16', '?width=2'],
    [async () => fileId, 400, 'at most 2048', '?width=5000'],
  ])('refuses %#', async (id, status, message, query = '') => {
    const answer = await t.request({ url: `/kontur/files/${await id()}/thumbnail${query}` });
    expect([answer.statusCode, answer.json().error.message]).toEqual([status, expect.stringContaining(message)]);
  });

  it('are not for other projects', async () => {
    const answer = await t.requestOther({ url: `/kontur/files/${fileId}/thumbnail` });
    expect([answer.statusCode, answer.json().error.missing]).toEqual([400, [{ id: fileId }]]);
  });
});
