import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Prompt } from '#contract/vision/prompt';
import { maskIou } from '#geometry/mask-iou';
import { rasterise } from '#geometry/rasterise';
import type { ScoredMask, SegmentedImage } from '#geometry/segmented-image';
import { createEngine } from '../../src/engine/create-engine.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { segmentImage } from '../../src/segment/segment-image.ts';
import { engineSettings } from '../../testing/engine-settings.ts';
import { renderScene, type Scene } from '../../testing/render-scene.ts';
import { type DeepPng, deepPng } from '../imaging/deep-png.ts';
import { pngChunk } from '../imaging/png-file.ts';
import { ORIENTATIONS, type RawImage, storedWith } from '../imaging/stored-orientation.ts';

const IOU_FLOOR = 0.95;
let folder: string;
let engine: Engine;
let images = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kontur-test-'));
  engine = createEngine({
    settings: engineSettings({ maxPixels: 100_000_000 }),
    embeddingCacheBytes: 100_000_000,
  });
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

async function store(image: Sharp): Promise<{ path: string; contentHash: string }> {
  const contentHash = `scene-${images++}`;
  const path = join(folder, contentHash);
  await image.toFile(path);
  return { path, contentHash };
}

const fromRaw = ({ rgb, width, height }: RawImage): Sharp => sharp(rgb, { raw: { width, height, channels: 3 } });

function iouWith(scene: Scene, { parts }: ScoredMask): number {
  return maskIou(rasterise(parts, scene.width, scene.height), scene.mask);
}

/**
 * The shape is found by its box, by a point in it, and by both. A point may as well mean a part of what covers a third
 * of the image, so there the shape has to be among the answers.
 */
async function expectFound(scene: Scene, image: Sharp): Promise<void> {
  const file = await store(image);
  const foreground = { ...scene.inside, label: 1 as const };
  const prompts: Record<string, Prompt> = {
    box: { boundingBox: scene.boundingBox },
    'box and point': { boundingBox: scene.boundingBox, points: [foreground] },
    point: { points: [foreground] },
  };
  for (const [name, prompt] of Object.entries(prompts)) {
    const { imageWidth, imageHeight, segments } = await segmentImage({ engine, detailWindows: true }, file, prompt);
    expect({ imageWidth, imageHeight }).toEqual({ imageWidth: scene.width, imageHeight: scene.height });
    const ious = segments.map((segment) => iouWith(scene, segment));
    if (name !== 'point') expect(segments).toHaveLength(1);
    expect(Math.max(...ious), `${name}: IoU ${ious}`).toBeGreaterThanOrEqual(IOU_FLOOR);
  }
}

describe('a solid shape on textured ground', () => {
  const scene = renderScene(600, 420);

  it.each(ORIENTATIONS)('is found in an image stored with EXIF orientation %i', async (orientation) => {
    const image = fromRaw(storedWith(orientation, scene)).withMetadata({ orientation });
    await expectFound(scene, image.jpeg({ quality: 90 }));
  });

  it.each<[number, number, 'ellipse' | 'polygon']>([
    [1600, 200, 'ellipse'],
    [1200, 300, 'polygon'],
    [900, 500, 'polygon'],
    [512, 512, 'ellipse'],
    [300, 900, 'polygon'],
    [200, 1600, 'ellipse'],
    [60, 40, 'ellipse'],
    [3000, 2000, 'polygon'],
  ])('is found in an image of %i x %i (%s)', async (width, height, shape) => {
    const sized = renderScene(width, height, shape);
    await expectFound(sized, fromRaw(sized).png({ compressionLevel: 1 }));
  });

  it.each<[string, (image: Sharp) => Sharp]>([
    ['progressive JPEG', (image) => image.jpeg({ progressive: true })],
    ['grey JPEG', (image) => image.toColourspace('b-w').jpeg()],
    ['CMYK JPEG', (image) => image.toColourspace('cmyk').jpeg()],
    ['Display P3 JPEG', (image) => image.withIccProfile('p3').jpeg()],
    ['palette PNG', (image) => image.png({ palette: true, colours: 64 })],
    ['grey PNG', (image) => image.toColourspace('b-w').png()],
    ['grey PNG with alpha', (image) => image.ensureAlpha().toColourspace('b-w').png()],
    ['RGBA PNG', (image) => image.ensureAlpha().png()],
    ['16-bit PNG', (image) => image.toColourspace('rgb16').png()],
    ['interlaced PNG', (image) => image.png({ progressive: true })],
  ])('is found in a %s', async (_, encode) => {
    await expectFound(scene, encode(fromRaw(scene)));
  });
});

describe('a file that says its colours or uses its range otherwise', () => {
  const scene = renderScene(600, 420);
  const grey = (at: number) => scene.rgb[3 * at]! / 255;
  const base = { width: 600, height: 420 };

  it.each<[string, DeepPng]>([
    ['thermal camera', { ...base, channels: 1, bits: 16, values: (at) => (7000 + 1500 * grey(at)) / 65_535 }],
    ['camera of 12 bits', { ...base, channels: 1, bits: 16, values: (at) => (4095 * grey(at)) / 65_535 }],
    [
      'PNG of light itself',
      {
        ...base,
        channels: 3,
        chunks: [pngChunk('gAMA', Buffer.of(0, 1, 0x86, 0xa0))],
        values: (at) => (scene.rgb[at]! / 255) ** 2.2,
      },
    ],
  ])('is segmented as a person sees it: %s', async (_, image) => {
    const contentHash = `scene-${images++}`;
    const path = join(folder, contentHash);
    await writeFile(path, deepPng(image));
    const points = [{ ...scene.inside, label: 1 as const }];
    const { segments } = await segmentImage({ engine, detailWindows: true }, { path, contentHash }, { points });
    expect(iouWith(scene, segments[0]!)).toBeGreaterThanOrEqual(IOU_FLOOR);
  });

  it('is refused for missing pixels alike, whatever the prompt', async () => {
    const large = renderScene(3000, 2000, 'polygon', 0.2);
    const photo = await fromRaw(large).jpeg().toBuffer();
    const contentHash = `scene-${images++}`;
    const path = join(folder, contentHash);
    await writeFile(path, photo.subarray(0, photo.length * 0.7));
    const prompts: Prompt[] = [
      { boundingBox: { xMin: 0.05, yMin: 0.05, xMax: 0.1, yMax: 0.1 } },
      { boundingBox: large.boundingBox },
      { points: [{ ...large.inside, label: 1 }] },
    ];
    for (const prompt of prompts) {
      await expect(segmentImage({ engine, detailWindows: true }, { path, contentHash }, prompt)).rejects.toMatchObject({
        code: 'image-truncated',
        message: expect.stringMatching(/\d+ % of its pixels/),
      });
    }
  });
});

describe('segmentImage', () => {
  const scene = renderScene(320, 240);
  let segment: (prompt: Prompt) => Promise<SegmentedImage>;
  beforeAll(async () => {
    const file = await store(fromRaw(scene).png());
    segment = (prompt) => segmentImage({ engine, detailWindows: true }, file, prompt);
  });

  it('answers one point with up to three different segments, best first', async () => {
    const { segments } = await segment({ points: [{ x: 0.42, y: 0.46, label: 1 }] });
    expect(segments.length).toBeGreaterThanOrEqual(1);
    expect(segments.length).toBeLessThanOrEqual(3);
    const scores = segments.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    for (const score of scores) expect(score).toSatisfy((value: number) => value >= 0 && value <= 1);
    const masks = segments.map(({ parts }) => rasterise(parts, 320, 240));
    for (const [i, mask] of masks.entries()) {
      for (const other of masks.slice(i + 1)) expect(maskIou(mask, other)).toBeLessThan(0.93);
    }
  });

  it('answers several points with one segment, which a background point takes away from', async () => {
    const inside = { x: 0.42, y: 0.46, label: 1 as const };
    const outside = { x: 0.9, y: 0.9, label: 0 as const };
    const { segments } = await segment({ points: [inside, outside] });
    expect(segments).toHaveLength(1);
    expect(iouWith(scene, segments[0]!)).toBeGreaterThanOrEqual(IOU_FLOOR);
  });

  it('finds nothing where nothing is marked', async () => {
    const background = { x: 0.42, y: 0.46, label: 0 as const };
    await expect(segment({ points: [background] })).resolves.toEqual({
      imageWidth: 320,
      imageHeight: 240,
      segments: [],
    });
    const both = [background, { ...background, x: 0.1 }];
    await expect(segment({ points: both })).resolves.toMatchObject({ segments: [] });
  });

  it.each([
    [1, 1],
    [1, 20],
    [20, 1],
  ])('takes an image of %i x %i', async (width, height) => {
    const tiny = sharp({ create: { width, height, channels: 3, background: '#a04020' } });
    const result = await segmentImage({ engine, detailWindows: true }, await store(tiny.png()), {
      points: [{ x: 0.5, y: 0.5, label: 1 }],
    });
    expect(result).toMatchObject({ imageWidth: width, imageHeight: height });
    for (const { parts } of result.segments) {
      for (const { x, y } of parts.flatMap(({ outer }) => outer)) {
        expect(x >= 0 && x <= width && y >= 0 && y <= height, `${x}, ${y}`).toBe(true);
      }
    }
  });

  it('throws what is wrong with the image', async () => {
    const elongated = sharp({ create: { width: 42, height: 2, channels: 3, background: '#000' } });
    const file = await store(elongated.png());
    await expect(
      segmentImage({ engine, detailWindows: true }, file, { points: [{ x: 0.5, y: 0.5, label: 0 }] }),
    ).rejects.toMatchObject({
      code: 'image-too-elongated',
    });
  });
});
