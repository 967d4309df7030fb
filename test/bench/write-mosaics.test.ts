import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readObjects } from '../../bench/coco-objects.ts';
import { writeMosaics } from '../../bench/write-mosaics.ts';
import { writeScenes } from '../../bench/write-scenes.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kontur-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('mosaics hold the photos in their own pixels, with their objects where they have come to lie', async () => {
  const photos = path.join(folder, 'photos');
  // Five photos: two mosaics of two, and one left over.
  const sizes = [320, 240, 160, 200, 300].map(
    (side) => [side, side / 2, 'ellipse', 0.5] as [number, number, 'ellipse', number],
  );
  await writeScenes(photos, sizes);
  const mosaics = path.join(folder, 'mosaics');
  await writeMosaics(mosaics, readObjects(photos), { columns: 2, rows: 1 });

  const before = readObjects(photos);
  const after = readObjects(mosaics);
  expect(after.map(({ id }) => id)).toEqual(before.slice(0, 4).map(({ id }) => id));
  for (const [index, object] of after.entries()) {
    const { width, height, bbox, mask } = before[index]!;
    const left = index % 2 === 0 ? 0 : 640;
    expect(object).toMatchObject({ width: 1280, height: 640, bbox: [bbox[0] + left, ...bbox.slice(1)] });
    const part = { left, top: 0, width, height };
    const [inPhoto, inMosaic] = await Promise.all([
      sharp(before[index]!.imageFile).raw().toBuffer(),
      sharp(object.imageFile).extract(part).raw().toBuffer(),
    ]);
    expect(inMosaic.equals(inPhoto)).toBe(true);
    const maskRow = (row: number) => object.mask.subarray(row * 1280 + left, row * 1280 + left + width);
    const moved = Buffer.concat(Array.from({ length: height }, (_, row) => maskRow(row)));
    expect(moved.equals(mask)).toBe(true);
    expect(object.mask.reduce((sum, value) => sum + value, 0)).toBe(mask.reduce((sum, value) => sum + value, 0));
  }
});
