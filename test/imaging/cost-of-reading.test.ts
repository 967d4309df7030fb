import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModelImage } from '../../src/imaging/load-model-image.ts';
import { openImage } from '../../src/imaging/open-image.ts';
import { deepPng } from './deep-png.ts';
import { photoLike } from './photo-like.ts';
import { pngChunk, pngEnd, pngOf, pngPixels } from './png-file.ts';

const limits = { maxPixels: 100_000_000 };
let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kontur-test-'));
  path = join(folder, 'image');
});
afterAll(() => rm(folder, { recursive: true }));

async function open(content: Uint8Array, { maxPixels } = limits) {
  await writeFile(path, content);
  return openImage(path, { maxPixels });
}

/** Milliseconds of processor that something takes in this process. */
async function processorMs(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** A progressive JPEG whose header says that size, with its last scan many times over. */
async function manyScans(scans: number, side: number): Promise<Buffer> {
  const file = await photoLike(64, 64).toColourspace('b-w').jpeg({ progressive: true }).toBuffer();
  const frame = file.indexOf(Buffer.of(0xff, 0xc2));
  file.writeUInt16BE(side, frame + 5);
  file.writeUInt16BE(side, frame + 7);
  const last = file.subarray(file.lastIndexOf(Buffer.of(0xff, 0xda)), -2);
  return Buffer.concat([file.subarray(0, -2), ...Array.from({ length: scans }, () => last), file.subarray(-2)]);
}

describe('a JPEG of many scans', () => {
  it.each([
    [3000, 9900],
    [300, 9900],
    [20_000, 64],
  ])('is refused before it is decoded: %i scans of %i pixels square', async (scans, side) => {
    const file = await manyScans(scans, side);
    const took = await processorMs(async () => {
      await expect(open(file)).rejects.toMatchObject({
        code: 'image-too-complex',
        message: expect.stringContaining('Save it as a baseline JPEG'),
      });
    });
    expect(took).toBeLessThan(500);
  });

  it('is accepted where it has no more than usual', async () => {
    await expect(open(await manyScans(10, 64))).resolves.toMatchObject({ imageWidth: 64 });
  });
});

describe('memory', () => {
  it.each<[string, () => Promise<Buffer> | Buffer, RegExp]>([
    [
      'an interlaced PNG of 16 bits',
      () => pngOf(ihdr(10_000, 10_000, [16, 6, 0, 0, 1]), pngPixels(10), pngEnd()),
      /interlaced and of 16 bits a channel.* 800 MB .* 400 MB .*without interlacing or with 8 bits a channel/,
    ],
    [
      'a progressive JPEG',
      async () => {
        const file = await photoLike(64, 64).jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer();
        const frame = file.indexOf(Buffer.of(0xff, 0xc2));
        file.writeUInt16BE(9000, frame + 5);
        file.writeUInt16BE(9000, frame + 7);
        return file;
      },
      /progressive.*Save it as a baseline JPEG/,
    ],
  ])('is bounded before %s is read', async (_, encode, message) => {
    await expect(open(await encode())).rejects.toMatchObject({
      code: 'image-too-complex',
      message: expect.stringMatching(message),
    });
  });

  it('is bounded for what has to be turned, too', async () => {
    const file = await photoLike(300, 200).png({ progressive: true }).withMetadata({ orientation: 6 }).toBuffer();
    await expect(open(file, { maxPixels: 100_000 })).resolves.toMatchObject({ imageWidth: 200, imageHeight: 300 });
    await expect(open(file, { maxPixels: 80_000 })).rejects.toMatchObject({
      code: 'image-too-complex',
      message: expect.stringContaining('upright'),
    });
  });
});

function ihdr(width: number, height: number, rest: number[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set(rest, 8);
  return pngChunk('IHDR', header);
}

describe('a PNG of little more than comments', () => {
  const comment = (type: 'zTXt' | 'iTXt') => {
    const packed = deflateSync(Buffer.alloc(40_000_000));
    const head = type === 'zTXt' ? 'Comment\0\0' : 'Comment\0\x01\0\0\0';
    return pngChunk(type, Buffer.concat([Buffer.from(head, 'latin1'), packed]));
  };

  it.each(['zTXt', 'iTXt'] as const)('is read without unpacking them: %s', async (type) => {
    const image = await photoLike(64, 48).png().toBuffer();
    const comments = Array<Buffer>(200).fill(comment(type));
    const before = Buffer.concat([image.subarray(0, 33), ...comments, image.subarray(33)]);
    const behind = Buffer.concat([image.subarray(0, -12), ...comments, image.subarray(-12)]);
    for (const file of [before, behind]) {
      await writeFile(path, file);
      expect(await processorMs(() => loadModelImage(path, limits))).toBeLessThan(1500);
    }
  });
});

it('a PNG in very many pieces is refused before they are put together', async () => {
  const piece = pngChunk('IDAT', Buffer.of(0));
  const file = pngOf(ihdr(64, 64, [8, 2, 0, 0, 0]), ...Array.from({ length: 150_000 }, () => piece), pngEnd());
  await expect(open(file)).rejects.toMatchObject({ code: 'image-too-complex' });
});

describe('a PNG of which nothing is to be seen', () => {
  const transparent = (channels: 2 | 4, bits: 8 | 16, isSeen: (at: number) => boolean) =>
    deepPng({
      ...{ width: 400, height: 300, channels, bits },
      values: (at) => (at % channels === channels - 1 ? Number(isSeen(Math.floor(at / channels))) : 0.5),
    });

  it.each([
    [2, 8],
    [4, 8],
    [4, 16],
  ] as const)('is refused: %i channels of %i bits', async (channels, bits) => {
    await writeFile(
      path,
      transparent(channels, bits, () => false),
    );
    const empty = { code: 'image-transparent', message: expect.stringContaining('Every pixel') };
    await expect(loadModelImage(path, limits)).rejects.toMatchObject(empty);
    const window = { left: 0, top: 0, width: 50, height: 50 };
    await expect(loadModelImage(path, limits, { window })).rejects.toMatchObject(empty);
  });

  it('is read where a single pixel is opaque', async () => {
    await writeFile(
      path,
      transparent(4, 8, (pixel) => pixel === 400 * 150 + 77),
    );
    await expect(loadModelImage(path, limits)).resolves.toMatchObject({ imageWidth: 400 });
  });
});

it('a PNG with a chunk that has to be understood is refused for that reason', async () => {
  const image = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#123' } })
    .png()
    .toBuffer();
  const withChunk = Buffer.concat([image.subarray(0, 8), pngChunk('CgBI', Buffer.alloc(4)), image.subarray(8)]);
  await expect(open(withChunk)).rejects.toMatchObject({
    code: 'image-not-recognised',
    message: expect.stringMatching(/"CgBI".*Xcode/),
  });
});

it('a JPEG that says its height only behind its pixels is refused for that reason', async () => {
  const file = await photoLike(64, 48).jpeg().toBuffer();
  file.writeUInt16BE(0, file.indexOf(Buffer.of(0xff, 0xc0)) + 5);
  const dnl = Buffer.of(0xff, 0xdc, 0, 4, 0, 48);
  await expect(open(Buffer.concat([file.subarray(0, -2), dnl, file.subarray(-2)]))).rejects.toMatchObject({
    code: 'image-not-recognised',
    message: expect.stringContaining('DNL'),
  });
});
