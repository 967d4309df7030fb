import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { check } from '@placemarkio/check-geojson';
import { PNG } from 'pngjs';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { maskIou } from '#geometry/mask-iou';
import { rasterise } from '#geometry/rasterise';
import { OUTPUT_FORMATS } from '#outputs/output-formats';
import { toWirePolygons } from '#outputs/to-wire-polygons';
import { formatResult } from '../../src/segment/format-result.ts';
import type { FormatOptions, SegmentResult } from '../../src/segment/segmenter.ts';
import { SHAPES, SHAPES_IMAGE } from '../outputs/output-shapes.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kontur-formats-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const photo = path.join(folder, 'pump.png');
const { imageWidth: width, imageHeight: height } = SHAPES_IMAGE;
beforeAll(() => sharp({ create: { width, height, channels: 3, background: '#777' } }).toFile(photo));

const result: SegmentResult = {
  ...SHAPES_IMAGE,
  prompt: { points: [{ x: 0.5, y: 0.5, label: 1 }] },
  segments: [SHAPES, SHAPES.slice(1)].map((parts, index) => ({
    score: 0.9 - index / 10,
    polygons: toWirePolygons(parts, SHAPES_IMAGE),
    parts,
  })),
};
const truth = rasterise(SHAPES, width, height);

const format = (name: string, options: FormatOptions = {}) =>
  formatResult(result, name, { photo, maxPixels: 100_000, ...options });
async function write(name: string, options: FormatOptions = {}): Promise<Buffer> {
  const content = await format(name, options);
  return content instanceof Readable ? buffer(content) : Buffer.from(content);
}
const pixelsOf = ({ data }: PNG, offset: number) =>
  Uint8Array.from({ length: data.length / 4 }, (_, i) => Number(data[4 * i + offset]! > 127));

it('one and the same mask in every format', async () => {
  expect(pixelsOf(PNG.sync.read(await write('mask')), 0)).toEqual(truth);
  expect(pixelsOf(PNG.sync.read(await write('cutout')), 3)).toEqual(truth);
  const drawn = await sharp(await write('svg'))
    .ensureAlpha()
    .extractChannel(3)
    .raw()
    .toBuffer();
  expect(
    maskIou(
      Uint8Array.from(drawn, (alpha) => Number(alpha > 127)),
      truth,
    ),
  ).toBeGreaterThan(0.97);
  const [annotation] = JSON.parse(String(await write('coco-rle'))).annotations;
  expect(annotation.area).toBe(truth.reduce((sum, pixel) => sum + pixel, 0));
  const coco = JSON.parse(String(await write('coco')));
  expect(coco.images[0].file_name).toBe('pump.png');
  expect(coco.annotations[0].segmentation).toHaveLength(2);
  expect(check(String(await write('geojson')))).toMatchObject({ type: 'FeatureCollection' });
  expect((await sharp(await write('png')).metadata()).format).toBe('png');
});

it('writes the segment that is asked for, and in formats of all every one', async () => {
  const { features } = JSON.parse(String(await write('geojson', { segment: 1 })));
  expect(features).toMatchObject([{ properties: { segment: 1, score: 0.8 } }]);
  const { segments, ...rest } = JSON.parse(String(await write('json', { segment: 1 })));
  expect(segments).toEqual(result.segments.map(({ score, polygons }) => ({ score, polygons })));
  expect(rest).toEqual({ ...SHAPES_IMAGE, prompt: result.prompt });
});

it('needs the photo where the format does, and says so', async () => {
  for (const { name, needs } of OUTPUT_FORMATS) {
    const written = format(name, { photo: undefined });
    if (needs.every((need) => need === 'encoder')) await written;
    else await expect(written).rejects.toThrow(`The format ${name} needs the `);
  }
});

it.each([
  ['bmp', {}, 'invalid-request', 'There is no format "bmp"'],
  ['coco', { options: { encoding: 'x' } }, 'invalid-request', 'one of polygons, rle'],
  ['svg', { segment: 2 }, 'segment-not-found', 'There is no segment 2: 2 were found'],
])('refuses %s with %j', async (name, options, code, message) => {
  await expect(format(name, options)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
});
