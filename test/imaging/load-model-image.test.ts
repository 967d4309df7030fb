import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModelImage, type ModelImage } from '../../src/imaging/load-model-image.ts';
import { ORIENTATIONS, type RawImage, storedWith } from './stored-orientation.ts';

const MAX_PIXELS = 100_000_000;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kontur-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function load(content: Uint8Array): Promise<ModelImage> {
  const path = join(folder, 'image');
  await writeFile(path, content);
  return loadModelImage(path, { maxPixels: MAX_PIXELS });
}

/** Colour at a place given in fractions of the image. */
function colourAt({ rgb, modelWidth, modelHeight }: ModelImage, x: number, y: number): number[] {
  const at = (Math.floor(y * modelHeight) * modelWidth + Math.floor(x * modelWidth)) * 3;
  return [...rgb.subarray(at, at + 3)];
}

function expectColour(actual: number[], expected: number[], tolerance: number): void {
  const off = actual.map((value, channel) => Math.abs(value - expected[channel]!));
  expect(Math.max(...off), `${actual} against ${expected}`).toBeLessThanOrEqual(tolerance);
}

describe('loadModelImage', () => {
  const quarters = {
    topLeft: [220, 30, 30],
    topRight: [30, 200, 30],
    bottomLeft: [30, 30, 220],
    bottomRight: [230, 220, 40],
  };

  it.each(ORIENTATIONS)('turns an image stored with EXIF orientation %i upright', async (orientation) => {
    const stored = storedWith(orientation, quarteredImage(60, 40, Object.values(quarters)));
    const file = fromRaw(stored).withMetadata({ orientation }).jpeg({ quality: 95, chromaSubsampling: '4:4:4' });

    const image = await load(await file.toBuffer());

    expect(image).toMatchObject({ imageWidth: 60, imageHeight: 40, modelWidth: 1024, modelHeight: 683 });
    expect(image.rgb).toHaveLength(1024 * 683 * 3);
    expectColour(colourAt(image, 0.25, 0.25), quarters.topLeft, 8);
    expectColour(colourAt(image, 0.75, 0.25), quarters.topRight, 8);
    expectColour(colourAt(image, 0.25, 0.75), quarters.bottomLeft, 8);
    expectColour(colourAt(image, 0.75, 0.75), quarters.bottomRight, 8);
  });

  it('turns a PNG upright by its eXIf chunk', async () => {
    const stored = storedWith(6, quarteredImage(60, 40, Object.values(quarters)));
    const image = await load(await fromRaw(stored).withMetadata({ orientation: 6 }).png().toBuffer());
    expect(image).toMatchObject({ imageWidth: 60, imageHeight: 40 });
    expectColour(colourAt(image, 0.25, 0.75), quarters.bottomLeft, 1);
  });

  const orange = [200, 100, 40];
  const grey = 117;
  const solid = () => sharp({ create: { width: 32, height: 24, channels: 3, background: toRgb(orange) } });
  const solidGrey = () =>
    sharp({ create: { width: 32, height: 24, channels: 3, background: toRgb([grey, grey, grey]) } });
  const greys = [grey, grey, grey];
  /** Half transparent over white. */
  const faded = orange.map((value) => (value + 255) / 2);

  // Printing inks cannot mix this orange; wrong or inverted inks would be off by 100 and more.
  const inkTolerance = 32;

  it.each<[string, () => Sharp, number[], number]>([
    ['baseline JPEG', () => solid().jpeg({ quality: 95 }), orange, 4],
    ['progressive JPEG', () => solid().jpeg({ quality: 95, progressive: true }), orange, 4],
    ['grey JPEG', () => solidGrey().toColourspace('b-w').jpeg(), greys, 2],
    ['CMYK JPEG (Adobe, inverted)', () => solid().toColourspace('cmyk').jpeg({ quality: 95 }), orange, inkTolerance],
    ['CMYK JPEG with its profile', () => solid().withIccProfile('cmyk').jpeg({ quality: 95 }), orange, inkTolerance],
    ['RGB PNG', () => solid().png(), orange, 1],
    ['palette PNG', () => solid().png({ palette: true, colours: 4 }), orange, 2],
    ['interlaced PNG', () => solid().png({ progressive: true }), orange, 1],
    ['16-bit PNG', () => solid().toColourspace('rgb16').png(), orange, 1],
    ['grey PNG', () => solidGrey().toColourspace('b-w').png(), greys, 1],
    ['16-bit grey PNG', () => solidGrey().toColourspace('grey16').png(), greys, 2],
    ['opaque RGBA PNG', () => solid().ensureAlpha().png(), orange, 1],
    ['half transparent RGBA PNG', () => solid().ensureAlpha(0.5).png(), faded, 2],
    ['half transparent 16-bit PNG', () => solid().ensureAlpha(0.5).toColourspace('rgb16').png(), faded, 2],
    ['Display P3 JPEG', () => solid().withIccProfile('p3').jpeg({ quality: 95 }), orange, 6],
    ['Display P3 PNG', () => solid().withIccProfile('p3').png(), orange, 2],
  ])('reads a %s in sRGB', async (_, encode, expected, tolerance) => {
    const image = await load(await encode().toBuffer());
    expectColour(colourAt(image, 0.5, 0.5), expected, tolerance);
  });

  it('keeps to the profile, not to the stored numbers', async () => {
    const file = await solid().withIccProfile('p3').png().toBuffer();
    const stored = await sharp(file, { ignoreIcc: true }).raw().toBuffer();
    expect([...stored.subarray(0, 3)], 'the file holds other numbers than sRGB').not.toEqual(orange);
    expectColour(colourAt(await load(file), 0.5, 0.5), orange, 2);
  });

  it('ignores a profile that is damaged', async () => {
    const file = await solid().withIccProfile('p3').jpeg({ quality: 95 }).toBuffer();
    const profile = file.indexOf('ICC_PROFILE');
    file.fill(0x5a, profile + 60, profile + 400);
    expectColour(colourAt(await load(file), 0.5, 0.5), orange, 40);
  });

  it.each([
    [1, 1, 1024, 1024],
    [1, 20, 51, 1024],
    [20, 1, 1024, 51],
    [1024, 1023, 1024, 1023],
    [3000, 1001, 1024, 342],
    [200, 3999, 51, 1024],
  ])('scales %i x %i to %i x %i', async (imageWidth, imageHeight, modelWidth, modelHeight) => {
    const file = sharp({ create: { width: imageWidth, height: imageHeight, channels: 3, background: toRgb(orange) } });
    const image = await load(await file.png().toBuffer());
    expect(image).toMatchObject({ imageWidth, imageHeight, modelWidth, modelHeight });
    expect(image.rgb).toHaveLength(modelWidth * modelHeight * 3);
    expectColour(colourAt(image, 0.5, 0.5), orange, 1);
  });

  it('averages where it shrinks, so that a fine pattern becomes its mean and not a moiré', async () => {
    const side = 4096;
    const rgb = new Uint8Array(side * side * 3);
    for (let i = 0; i < side * side; i++) rgb.fill((i + Math.floor(i / side)) % 2 === 0 ? 255 : 1, i * 3, i * 3 + 3);
    const image = await load(await fromRaw({ rgb, width: side, height: side }).png({ compressionLevel: 1 }).toBuffer());
    expectColour(colourAt(image, 0.31, 0.77), [128, 128, 128], 2);
  });
});

const toRgb = ([r, g, b]: number[]) => ({ r: r!, g: g!, b: b! });

const fromRaw = ({ rgb, width, height }: RawImage): Sharp => sharp(rgb, { raw: { width, height, channels: 3 } });

function quarteredImage(width: number, height: number, colours: number[][]): RawImage {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const quarter = (y < height / 2 ? 0 : 2) + (x < width / 2 ? 0 : 1);
      rgb.set(colours[quarter]!, (y * width + x) * 3);
    }
  }
  return { rgb, width, height };
}
