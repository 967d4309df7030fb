import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openModelImage } from '../../src/imaging/load-model-image.ts';
import { ORIENTATIONS, storedWith } from './stored-orientation.ts';

const limits = { maxPixels: 100_000_000 };
const width = 1300;
const height = 1100;
/** Every pixel tells its place: red its column and green its row within 256, blue which square of 256 it is in. */
const rgb = new Uint8Array(width * height * 3);
for (let y = 0; y < height; y++) {
  for (let x = 0; x < width; x++) rgb.set([x % 256, y % 256, (x >> 8) * 16 + (y >> 8)], (y * width + x) * 3);
}
/** As wide and high as the model's input, so that no pixel is made of others. */
const window = { left: 150, top: 60, width: 1024, height: 1024 };

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kontur-test-'));
  path = join(folder, 'image');
});
afterAll(() => rm(folder, { recursive: true }));

const fromRaw = (image: { rgb: Uint8Array; width: number; height: number }): Sharp =>
  sharp(image.rgb, { raw: { width: image.width, height: image.height, channels: 3 } });

async function load(part: typeof window) {
  const { frame, read } = await openModelImage(path, limits, { window: part });
  return { frame, rgb: await read() };
}

describe('a window of an image', () => {
  it.each(ORIENTATIONS)('is read to the pixel from an image stored with EXIF orientation %i', async (orientation) => {
    const stored = fromRaw(storedWith(orientation, { rgb, width, height }));
    await stored.withMetadata({ orientation }).png({ compressionLevel: 1 }).toFile(path);
    const image = await load(window);
    expect(image.frame).toEqual({ imageWidth: 1024, imageHeight: 1024, modelWidth: 1024, modelHeight: 1024 });
    const rows = Array.from({ length: 1024 }, (_, row) => {
      const from = ((window.top + row) * width + window.left) * 3;
      return rgb.subarray(from, from + 1024 * 3);
    });
    expect(Buffer.compare(image.rgb, Buffer.concat(rows))).toBe(0);
  });

  it.each([
    ['baseline JPEG', {}],
    ['progressive JPEG', { progressive: true }],
  ])('keeps the detail of a %s, which in the whole image at the size of the model is gone', async (_, options) => {
    const side = 2560;
    const stripes = new Uint8Array(side * side * 3).map((_, index) => (Math.floor(index / 6) % 2 === 0 ? 220 : 30));
    await fromRaw({ rgb: stripes, width: side, height: side })
      .jpeg({ quality: 90, chromaSubsampling: '4:4:4', ...options })
      .toFile(path);
    const part = await load({ left: 1280, top: 640, width: 640, height: 640 });
    const { read } = await openModelImage(path, limits);
    expect(spread(part.rgb)).toBeGreaterThan(150);
    expect(spread(await read())).toBeLessThan(80);
  });

  it('is scaled up to the model, and stretched where that is asked for', async () => {
    await fromRaw({ rgb, width, height }).png({ compressionLevel: 1 }).toFile(path);
    const small = { left: 100, top: 200, width: 320, height: 160 };
    await expect(load(small)).resolves.toMatchObject({
      frame: { imageWidth: 320, modelWidth: 1024, modelHeight: 512 },
    });
    const stretched = await openModelImage(path, limits, { window: small, fit: 'stretch' });
    expect(stretched.frame).toEqual({ imageWidth: 320, imageHeight: 160, modelWidth: 1024, modelHeight: 1024 });
    expect(await stretched.read()).toHaveLength(1024 * 1024 * 3);
  });

  it.each(['jpeg', 'png'] as const)('is refused wherever it lies in a %s that breaks off', async (format) => {
    const content = await fromRaw({ rgb, width, height })[format]().toBuffer();
    await writeFile(path, content.subarray(0, 0.8 * content.length));
    const missing = {
      code: 'image-truncated',
      message: expect.stringMatching(/\b(1\d|2\d) % of its pixels are missing/),
    };
    await expect(load({ left: 0, top: 0, width: 320, height: 320 })).rejects.toMatchObject(missing);
    await expect(load({ left: 0, top: 780, width: 320, height: 320 })).rejects.toMatchObject(missing);
  });

  it('is refused as the whole image is', async () => {
    await fromRaw({ rgb, width, height }).png({ compressionLevel: 1 }).toFile(path);
    await expect(openModelImage(path, { maxPixels: 1000 }, { window })).rejects.toMatchObject({
      code: 'image-too-large',
    });
    const content = await sharp(path).toBuffer();
    await writeFile(path, content.subarray(0, content.length / 20));
    await expect(load(window)).rejects.toMatchObject({ code: 'image-truncated' });
  });
});

/** Difference between the brightest and the darkest value in the middle row. */
function spread(image: Uint8Array): number {
  const row = image.subarray(512 * 1024 * 3 + 300, 512 * 1024 * 3 + 2700);
  return Math.max(...row) - Math.min(...row);
}
