import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModelImage } from '../../src/imaging/load-model-image.ts';
import { openImage } from '../../src/imaging/open-image.ts';
import { pngChunk, pngEnd, pngHeader, pngOf, pngPixels } from './png-file.ts';

const MAX_PIXELS = 100_000_000;
let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kontur-test-'));
  path = join(folder, 'image');
});
afterAll(() => rm(folder, { recursive: true }));

async function load(content: Uint8Array, maxPixels = MAX_PIXELS) {
  await writeFile(path, content);
  const { imageWidth, imageHeight } = await loadModelImage(path, { maxPixels });
  return { imageWidth, imageHeight };
}

/** Noise all over, so that data is missing wherever the file is cut. */
function photo() {
  let state = 1;
  const rgb = Uint8Array.from({ length: 160 * 120 * 3 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
  return sharp(rgb, { raw: { width: 160, height: 120, channels: 3 } });
}

describe('damaged files', () => {
  it.each([
    ['baseline JPEG', () => photo().jpeg().toBuffer()],
    ['progressive JPEG', () => photo().jpeg({ progressive: true }).toBuffer()],
    ['PNG', () => photo().png().toBuffer()],
    ['interlaced PNG', () => photo().png({ progressive: true }).toBuffer()],
    ['16-bit PNG', () => photo().toColourspace('rgb16').png().toBuffer()],
  ])('a %s that was cut anywhere is refused', async (_, encode) => {
    const file = await encode();
    await expect(load(file)).resolves.toMatchObject({ imageWidth: 160 });
    for (const fraction of [0.001, 0.01, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 0.99, 0.998]) {
      const kept = Math.max(8, Math.floor(file.length * fraction));
      await expect(load(file.subarray(0, kept)), `cut after ${kept} of ${file.length} bytes`).rejects.toMatchObject({
        code: 'image-truncated',
        message: expect.stringContaining('Upload the complete file again'),
      });
    }
  });

  it('a PNG with changed bytes in its pixels is refused', async () => {
    const file = await photo().png().toBuffer();
    file.fill(0x55, 3000, 3040);
    await expect(load(file)).rejects.toMatchObject({ code: 'image-truncated' });
  });

  it('bytes after the end and stray bytes before it, which viewers pass over, are passed over', async () => {
    const file = await photo().jpeg().toBuffer();
    const end = file.length - 2;
    await expect(load(Buffer.concat([file, Buffer.alloc(5000, 1)]))).resolves.toMatchObject({ imageWidth: 160 });
    const stray = Buffer.concat([file.subarray(0, end), Buffer.alloc(30, 7), file.subarray(end)]);
    await expect(load(stray)).resolves.toMatchObject({ imageWidth: 160 });
  });

  it('a JPEG of a kind that no ordinary software writes is named as such', async () => {
    const file = await photo().jpeg().toBuffer();
    // Frame header of a differential lossless JPEG.
    file[file.indexOf(Buffer.of(0xff, 0xc0)) + 1] = 0xc7;
    await expect(load(file)).rejects.toMatchObject({
      code: 'image-not-recognised',
      message: expect.stringContaining('rare variant'),
    });
  });
});

describe('limits', () => {
  it('refuses a decompression bomb from its header, before any pixel is decoded', async () => {
    const bomb = pngOf(pngHeader(60_000, 60_000), pngPixels(60_000), pngEnd());
    await writeFile(path, bomb);
    await expect(openImage(path, { maxPixels: MAX_PIXELS })).rejects.toMatchObject({
      code: 'image-too-large',
      message: expect.stringMatching(/60000 x 60000 pixels.*100,000,000/),
    });
  });

  it('accepts exactly as many pixels as the limit says', async () => {
    const file = await photo().png().toBuffer();
    await expect(load(file, 160 * 120)).resolves.toMatchObject({ imageWidth: 160 });
    await expect(load(file, 160 * 120 - 1)).rejects.toMatchObject({ code: 'image-too-large' });
  });

  it.each([
    [21, 1],
    [1, 21],
    [2001, 100],
  ])('refuses %i x %i as too elongated', async (width, height) => {
    const file = sharp({ create: { width, height, channels: 3, background: '#123456' } });
    await expect(load(await file.png().toBuffer())).rejects.toMatchObject({
      code: 'image-too-elongated',
      message: expect.stringContaining(`${width} x ${height}`),
    });
  });
});

describe('animated PNG', () => {
  const control = (frames: number) => pngChunk('acTL', Buffer.of(0, 0, 0, frames, 0, 0, 0, 0));
  const text = pngChunk('tEXt', Buffer.from('Comment\0acTL'));

  it('is refused by its animation control chunk, wherever before the pixels it stands', async () => {
    const file = pngOf(pngHeader(4, 4), text, control(2), pngPixels(4 * 13), pngEnd());
    await expect(load(file)).rejects.toMatchObject({ code: 'image-animated' });
  });

  it('of one frame is a still image', async () => {
    const file = pngOf(pngHeader(4, 4), control(1), pngPixels(4 * 13), pngEnd());
    await expect(load(file)).resolves.toMatchObject({ imageWidth: 4, imageHeight: 4 });
  });

  it('is not seen in other text, nor after the pixels', async () => {
    const file = pngOf(pngHeader(4, 4), text, pngPixels(4 * 13), control(2), pngEnd());
    await expect(load(file)).resolves.toMatchObject({ imageWidth: 4, imageHeight: 4 });
  });
});
