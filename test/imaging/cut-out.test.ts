import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PNG } from 'pngjs';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { rasterise } from '#geometry/rasterise';
import { cutOut } from '../../src/imaging/cut-out.ts';
import { makeThumbnail } from '../../src/imaging/make-thumbnail.ts';
import { SHAPES, SHAPES_IMAGE } from '../outputs/output-shapes.ts';
import { storedWith } from './stored-orientation.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kontur-pictures-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const limits = { maxPixels: 100_000 };
const { imageWidth: width, imageHeight: height } = SHAPES_IMAGE;

/** A gradient: every pixel differs from its neighbours. */
const upright = {
  rgb: Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    return [2 * x + 3, 2 * y + 3, 128][i % 3]!;
  }),
  width,
  height,
};

async function photo(orientation: 1 | 6, name = 'photo.png'): Promise<string> {
  const stored = storedWith(orientation, upright);
  const file = path.join(folder, name);
  const raw = { width: stored.width, height: stored.height, channels: 3 } as const;
  await sharp(stored.rgb, { raw }).withMetadata({ orientation }).png().toFile(file);
  return file;
}

describe('cutOut', () => {
  it.each([1, 6] as const)('keeps the photo inside and nothing of it outside, orientation %i', async (orientation) => {
    const outPath = path.join(folder, `cut-${orientation}.png`);
    await cutOut(await photo(orientation), { parts: SHAPES, outPath }, limits);
    const cut = PNG.sync.read(readFileSync(outPath));
    expect([cut.width, cut.height]).toEqual([width, height]);
    const mask = rasterise(SHAPES, width, height);
    const expected = Uint8Array.from({ length: 4 * mask.length }, (_, i) => {
      if (!mask[i >> 2]) return 0;
      return i % 4 === 3 ? 255 : upright.rgb[3 * (i >> 2) + (i % 4)]!;
    });
    expect(Buffer.from(expected).equals(cut.data)).toBe(true);
  });

  it('refuses what is no image, and what is too large', async () => {
    const text = path.join(folder, 'text.jpg');
    writeFileSync(text, 'no image');
    const outPath = path.join(folder, 'none.png');
    await expect(cutOut(text, { parts: SHAPES, outPath }, limits)).rejects.toMatchObject({
      code: 'image-not-recognised',
    });
    const large = cutOut(await photo(1), { parts: SHAPES, outPath }, { maxPixels: 100 });
    await expect(large).rejects.toMatchObject({ code: 'image-too-large' });
  });
});

describe('makeThumbnail', () => {
  it('is upright, scaled down, and a JPEG without metadata', async () => {
    const jpeg = await makeThumbnail(await photo(6), { width: 60 }, limits);
    const metadata = await sharp(jpeg).metadata();
    expect(metadata).toMatchObject({ format: 'jpeg', width: 60, height: 45 });
    expect([metadata.orientation, metadata.exif]).toEqual([undefined, undefined]);
    const pixels = await sharp(jpeg).raw().toBuffer();
    // Of the pixel at (20, 10), which is the photo's at about (40, 20).
    expect(Math.abs(pixels[3 * (10 * 60 + 20)]! - 84)).toBeLessThan(8);
    expect(Math.abs(pixels[3 * (10 * 60 + 20) + 1]! - 44)).toBeLessThan(8);
  });

  it('is never larger than the photo', async () => {
    expect(await sharp(await makeThumbnail(await photo(1), { width: 500 }, limits)).metadata()).toMatchObject({
      width,
      height,
    });
  });
});
