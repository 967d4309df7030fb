import { PNG } from 'pngjs';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PreviewedSegment } from '#contract/vision/outputs';
import type { Segment } from '#contract/vision/segment-job';
import { maskIou } from '#geometry/mask-iou';
import { rasterise } from '#geometry/rasterise';
import { addressOf } from '#outputs/output-format';
import { OUTPUT_FORMATS } from '#outputs/output-formats';
import { placeStar, renderStars } from '../../testing/render-star.ts';
import { createFolders, PHOTO, type ServerProcess, startServerProcess } from '../../testing/server-process.ts';
import { fromWire } from '../geometry/rings.ts';

const folders = createFolders();
const size = { imageWidth: 1024, imageHeight: 819 };
const prompt = { boundingBox: { xMin: 0.67, yMin: 0.78, xMax: 1, yMax: 0.99 } };
let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess(folders);
});
afterAll(async () => {
  await server?.end('SIGTERM');
  folders.remove();
});

const get = (route: string) =>
  fetch(`${server.url}/api/v1/projects/demo/kontur/${route}`, { headers: { authorization: `Bearer ${server.token}` } });
const bytes = async (answer: Response) => Buffer.from(await answer.arrayBuffer());

it('a photo, its preview, its job, and the job in every format', async () => {
  const fileId = await server.upload('boats.jpg', PHOTO);
  const thumbnail = await get(`files/${fileId}/thumbnail?width=100`);
  expect(await sharp(await bytes(thumbnail)).metadata()).toMatchObject({ format: 'jpeg', width: 100, height: 80 });

  const preview = await server.call<{ segments: Segment[] }>('POST', '/kontur/preview', { fileId, ...prompt });
  expect(preview).toMatchObject({ status: 200, body: { fileId, ...size } });
  const job = await server.settled(await server.post(fileId, prompt));
  const { segments } = job.items[0]!;
  expect(preview.body.segments).toEqual(segments);
  const withRings = await server.call<{ segments: PreviewedSegment[] }>('POST', '/kontur/preview?rings=true', {
    fileId,
    ...prompt,
  });
  expect(withRings.body.segments).toEqual(segments.map((segment) => ({ ...segment, rings: expect.any(Array) })));
  expect(withRings.body.segments[0]!.rings).toHaveLength(segments[0]!.polygons.length);

  const outlines = segments[0]!.polygons.map((polygon) => fromWire(polygon, size));
  const answered = rasterise(outlines, size.imageWidth, size.imageHeight, 'even-odd');
  const mask = PNG.sync.read(await bytes(await get(`segment/${job.jobId}/mask.png`)));
  const truth = Uint8Array.from(answered, (_, i) => mask.data[4 * i]! & 1);
  // The wire rounds to millionths of the photo, which may turn a pixel on the very outline.
  expect(maskIou(truth, answered)).toBeGreaterThan(0.9999);
  const cut = PNG.sync.read(await bytes(await get(`segment/${job.jobId}/cutout.png`)));
  expect(truth.every((value, i) => cut.data[4 * i + 3] === 255 * value)).toBe(true);
  for (const format of OUTPUT_FORMATS) {
    expect((await get(`segment/${job.jobId}/${addressOf(format)}`)).status).toBe(200);
  }
  const json = (await (await get(`segment/${job.jobId}/json`)).json()) as { segments: Segment[] };
  expect(json).toMatchObject({ ...size, segments });
  const { items } = (await (await get('segment')).json()) as { items: { jobId: number }[] };
  expect(items.map(({ jobId }) => jobId)).toEqual([job.jobId]);
});

it('a small box in a large photo: preview, job and mask are those of the whole photo, in its own detail', async () => {
  const large = { width: 4000, height: 3000 };
  const { part, boundingBox } = placeStar({ x: 2517, y: 1263 }, 30, large);
  const photo = await renderStars([{ part, boundingBox }], large).jpeg({ quality: 92 }).toBuffer();
  const fileId = await server.upload('star.jpg', photo);
  const preview = await server.call<{ segments: Segment[] }>('POST', '/kontur/preview', { fileId, boundingBox });
  expect(preview).toMatchObject({ status: 200, body: { imageWidth: 4000, imageHeight: 3000 } });
  const job = await server.settled(await server.post(fileId, { boundingBox }));
  expect(preview.body.segments).toEqual(job.items[0]!.segments);
  const mask = PNG.sync.read(await bytes(await get(`segment/${job.jobId}/mask.png`)));
  expect(mask).toMatchObject(large);
  const answered = Uint8Array.from({ length: 4000 * 3000 }, (_, pixel) => mask.data[4 * pixel]! & 1);
  // Seen as a whole, the photo gives about 0.5.
  expect(maskIou(answered, rasterise([part], 4000, 3000))).toBeGreaterThan(0.85);
});
