import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pixelPoint } from '#geometry/spaces';
import { cutOut } from '../../src/imaging/cut-out.ts';
import { loadModelImage } from '../../src/imaging/load-model-image.ts';
import { makeThumbnail } from '../../src/imaging/make-thumbnail.ts';
import { writeIccProfile } from '../../src/imaging/png/icc-profile.ts';
import { packProfile } from '../../src/imaging/png/write-plain-png.ts';
import { type DeepPng, deepPng } from './deep-png.ts';
import { photoLike } from './photo-like.ts';
import { pngChunk } from './png-file.ts';

const limits = { maxPixels: 10_000_000 };
const [WIDTH, HEIGHT] = [320, 240];
const corners = [pixelPoint(0, 0), pixelPoint(WIDTH, 0), pixelPoint(WIDTH, HEIGHT), pixelPoint(0, HEIGHT)];
const ALL = [{ outer: corners, holes: [] }];

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kontur-test-'));
  path = join(folder, 'image');
});
afterAll(() => rm(folder, { recursive: true }));

const pixelsOf = (file: Buffer): Promise<Buffer> => sharp(file).flatten().toColourspace('srgb').raw().toBuffer();

/** Greatest difference of means over squares of 16 pixels, from 0 to 255. */
async function difference(picture: Buffer, expected: Buffer): Promise<number> {
  const small = (image: Buffer) =>
    sharp(image, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
      .resize(WIDTH / 16, HEIGHT / 16, { fit: 'fill' })
      .raw()
      .toBuffer();
  const [a, b] = [await small(picture), await small(expected)];
  return Math.max(...a.map((value, index) => Math.abs(value - b[index]!)));
}

/** The model, the thumbnail and the cut-out are given these pixels. */
async function expectSeen(file: Buffer, expected: Buffer, tolerance: number): Promise<void> {
  await writeFile(path, file);
  const model = await loadModelImage(path, limits);
  const scaled = await sharp(model.rgb, { raw: { width: model.modelWidth, height: model.modelHeight, channels: 3 } })
    .resize(WIDTH, HEIGHT, { fit: 'fill' })
    .raw()
    .toBuffer();
  const outPath = join(folder, 'cut.png');
  await cutOut(path, { parts: ALL, outPath }, limits);
  const pictures = {
    segmentation: scaled,
    thumbnail: await pixelsOf(await makeThumbnail(path, { width: WIDTH }, limits)),
    'cut-out': await pixelsOf(await readFile(outPath)),
  };
  for (const [name, picture] of Object.entries(pictures)) {
    expect(await difference(picture, expected), name).toBeLessThanOrEqual(tolerance);
  }
}

const srgbToLight = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

async function scene(channels: 1 | 3): Promise<{ values: Buffer; expected: Buffer }> {
  const photo = photoLike(WIDTH, HEIGHT);
  const values = await (channels === 1 ? photo.toColourspace('b-w') : photo).raw().toBuffer();
  const expected =
    channels === 3
      ? values
      : Buffer.from(Array.from({ length: 3 * values.length }, (_, i) => values[Math.floor(i / 3)]!));
  return { values, expected };
}

const png = (values: Buffer, channels: 1 | 3, options: Partial<DeepPng>) =>
  deepPng({ width: WIDTH, height: HEIGHT, channels, values: (at) => values[at]! / 255, ...options });

describe('colours that a PNG names without a profile', () => {
  it.each([
    [1, 8],
    [1, 16],
    [3, 8],
    [3, 16],
  ] as const)('gAMA of light itself, %i channels of %i bits', async (channels, bits) => {
    const { values, expected } = await scene(channels);
    const gamma = pngChunk('gAMA', Buffer.of(0, 1, 0x86, 0xa0));
    const file = png(values, channels, { bits, chunks: [gamma], values: (at) => srgbToLight(values[at]! / 255) });
    // Eight bits of light itself are coarse where it is dark.
    await expectSeen(file, expected, bits === 8 ? 12 : 4);
  });

  it('gAMA gives way to sRGB, and cICP precedes all', async () => {
    const { values, expected } = await scene(3);
    const gamma = pngChunk('gAMA', Buffer.of(0, 1, 0x86, 0xa0));
    await expectSeen(png(values, 3, { chunks: [pngChunk('sRGB', Buffer.of(0)), gamma] }), expected, 4);
    await expectSeen(png(values, 3, { chunks: [pngChunk('cICP', Buffer.of(1, 13, 0, 1)), gamma] }), expected, 4);
  });

  it.each([8, 16] as const)('cICP of Display P3, %i bits', async (bits) => {
    const { values, expected } = await scene(3);
    const inP3 = await sharp(values, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
      .withIccProfile('p3')
      .png()
      .toBuffer();
    const stored = await sharp(inP3, { ignoreIcc: true }).raw().toBuffer();
    expect(await difference(stored, expected)).toBeGreaterThan(8);
    await expectSeen(png(stored, 3, { bits, chunks: [pngChunk('cICP', Buffer.of(12, 13, 0, 1))] }), expected, 5);
  });

  it('a profile of 16-bit grey counts as one of 8-bit grey does', async () => {
    const { values } = await scene(1);
    const profile = writeIccProfile({ ...D65, toLight: (value) => value ** 1.2 }, { isGrey: true });
    const chunks = [pngChunk('iCCP', packProfile(profile))];
    const expected = await pixelsOf(png(values, 1, { chunks }));
    expect(await difference(expected, (await scene(1)).expected)).toBeGreaterThan(20);
    await expectSeen(png(values, 1, { bits: 16, chunks }), expected, 4);
  });
});

const D65 = { white: [0.3127, 0.329], red: [0.64, 0.33], green: [0.3, 0.6], blue: [0.15, 0.06] } as const;

describe('16-bit images that use a part of the range', () => {
  it.each([
    ['10 bits', 0, 1023, 1],
    ['12 bits', 0, 4095, 1],
    ['14 bits', 0, 16_383, 1],
    ['a thermal camera', 7000, 8500, 1],
    ['12 bits in colour', 0, 4095, 3],
  ] as const)('are stretched to all of it: %s', async (_, low, high, channels) => {
    const { values, expected } = await scene(channels);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const stretched = expected.map((value) => (255 * (value - least)) / (most - least));
    const toSample = (at: number) => (low + ((high - low) * (values[at]! - least)) / (most - least)) / 65_535;
    // Some dead pixels.
    const sample = (at: number) => (at % 9973 === 5 ? 1 : toSample(at));
    await expectSeen(png(values, channels, { bits: 16, values: sample }), Buffer.from(stretched), 9);
  });

  it('are left as they are where they use most of it', async () => {
    const { values, expected } = await scene(1);
    const dark = (at: number) => values[at]! / 255 / 2;
    await expectSeen(png(values, 1, { bits: 16, values: dark }), expected.map((value) => value / 2) as Buffer, 4);
  });
});
