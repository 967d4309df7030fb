import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { check } from '@placemarkio/check-geojson';
import { PNG } from 'pngjs';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { maskIou } from '#geometry/mask-iou';
import { rasterise } from '#geometry/rasterise';
import { toWirePolygons } from '#geometry/to-wire-polygons';
import { formatSegment, type PhotoSegment } from '../../src/cli/format-segment.ts';
import { SHAPES, SHAPES_IMAGE } from '../geometry/output-shapes.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kontur-formats-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const photo = path.join(folder, 'pump.png');
const { imageWidth: width, imageHeight: height } = SHAPES_IMAGE;
beforeAll(() => sharp({ create: { width, height, channels: 3, background: '#777' } }).toFile(photo));

const segment: PhotoSegment = {
  photo,
  prompt: { points: [{ x: 0.5, y: 0.5, label: 1 }] },
  size: SHAPES_IMAGE,
  wire: { score: 0.9, polygons: toWirePolygons(SHAPES, SHAPES_IMAGE) },
  output: { index: 0, score: 0.9, parts: SHAPES },
  maxPixels: 100_000,
};
const truth = rasterise(SHAPES, width, height);

async function write(format: Parameters<typeof formatSegment>[0]): Promise<Buffer> {
  const content = await formatSegment(format, segment);
  return typeof content === 'string' ? Buffer.from(content) : Buffer.isBuffer(content) ? content : buffer(content);
}
const pixelsOf = ({ data }: PNG, offset: number) =>
  Uint8Array.from({ length: data.length / 4 }, (_, i) => Number(data[4 * i + offset]! > 127));

test('one and the same mask in every format', async () => {
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
