import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Prompt } from '#contract/vision/prompt';
import { maskIou } from '#geometry/mask-iou';
import type { MaskPolygon } from '#geometry/mask-polygon';
import { rasterise } from '#geometry/rasterise';
import type { SegmentedImage } from '#geometry/segmented-image';
import { toWireSegments } from '#outputs/to-wire-segments';
import { createEngine } from '../../src/engine/create-engine.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { ImageFile } from '../../src/engine/image-file.ts';
import type { FileCache } from '../../src/runtime/file-cache.ts';
import { segmentImage } from '../../src/segment/segment-image.ts';
import { engineSettings } from '../../testing/engine-settings.ts';
import { placeStar, renderStars, type Star } from '../../testing/render-star.ts';
import { storedWith } from '../imaging/stored-orientation.ts';

let folder: string;
let engine: Engine;
/** What has been encoded: an image or a window by its key. */
const encoded = new Map<string, Uint8Array>();
const embeddingStore: FileCache = {
  read: async (key, to) => {
    const content = encoded.get(key);
    if (content) await writeFile(to, content);
    return content?.length;
  },
  write: async (key, from) => void encoded.set(key, await readFile(from)),
  removeAll: async () => encoded.clear(),
  list: async () => [...encoded.keys()],
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kontur-test-'));
  engine = createEngine({
    settings: engineSettings({ threads: 2, maxPixels: 100_000_000 }),
    embeddingCacheBytes: 100_000_000,
    embeddingStore,
  });
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

const withWindows = (file: ImageFile, prompt: Prompt) => segmentImage({ engine, detailWindows: true }, file, prompt);
const withoutWindows = (file: ImageFile, prompt: Prompt) =>
  segmentImage({ engine, detailWindows: false }, file, prompt);

function iou({ segments, imageWidth, imageHeight }: SegmentedImage, truth: MaskPolygon): number {
  const draw = (parts: MaskPolygon[]) => rasterise(parts, imageWidth, imageHeight);
  return maskIou(draw(segments[0]!.parts), draw([truth]));
}

describe('small objects in a photo of 4000 x 3000', () => {
  const size = { width: 4000, height: 3000 };
  const stars: Record<string, Star> = {
    middle: placeStar({ x: 2517, y: 1263 }, 30, size),
    'top-left corner': placeStar({ x: 33, y: 33 }, 30, size),
    'bottom-right corner': placeStar({ x: 3967, y: 2967 }, 30, size),
    clicked: placeStar({ x: 1117, y: 523 }, 30, size),
    large: placeStar({ x: 1900, y: 2100 }, 600, size),
  };
  const at = (x: number, y: number, label: 0 | 1 = 1) => ({ x: x / size.width, y: y / size.height, label });
  let file: ImageFile;
  beforeAll(async () => {
    file = { path: join(folder, 'stars.jpg'), contentHash: 'stars' };
    await renderStars(Object.values(stars), size).jpeg({ quality: 92 }).toFile(file.path);
  });

  it.each(['middle', 'top-left corner', 'bottom-right corner'])('are found far better: %s', async (place) => {
    const { part, boundingBox } = stars[place]!;
    const found = await withWindows(file, { boundingBox });
    expect(found).toMatchObject({ imageWidth: 4000, imageHeight: 3000, segments: [{}] });
    const whole = iou(await withoutWindows(file, { boundingBox }), part);
    expect(iou(found, part)).toBeGreaterThan(Math.max(0.85, whole + 0.2));
  });

  it('get a second look in addition to that at the whole photo, which is encoded too', async () => {
    const copy = { ...file, contentHash: 'stars-again' };
    const keys = () => [...encoded.keys()].filter((key) => key.startsWith('stars-again.'));
    const { window, segments } = await withWindows(copy, { boundingBox: stars.middle!.boundingBox });
    expect(window).toBeDefined();
    expect(keys().map((key) => key.includes('.window-'))).toEqual([false, true]);
    expect(segments).toHaveLength(1);
  });

  it('are answered in fractions of the whole photo', async () => {
    const { part, boundingBox } = stars.middle!;
    const [segment] = toWireSegments(await withWindows(file, { boundingBox }));
    const outer = segment!.polygons[0]!.vertices.map(({ x, y }) => ({ x: x * 4000, y: y * 3000 }));
    const polygon = { outer, holes: [] } as unknown as MaskPolygon;
    expect(maskIou(rasterise([polygon], 4000, 3000), rasterise([part], 4000, 3000))).toBeGreaterThan(0.85);
  });

  it('keep to points that come with the box', async () => {
    const { part, boundingBox } = stars.middle!;
    const inWindow = await withWindows(file, { boundingBox, points: [at(2517, 1263, 1), at(2545, 1240, 0)] });
    expect(iou(inWindow, part)).toBeGreaterThan(0.8);
    // A point that no window holds together with the box: the whole photo is asked.
    const far = { boundingBox, points: [at(100, 2900, 0)] };
    expect(await withWindows(file, far)).toEqual(await withoutWindows(file, far));
  });

  it('are found far better by a click, and by a second one, which encodes nothing', async () => {
    const { part } = stars.clicked!;
    const clicks = [at(1117, 523), at(1145, 500, 0)];
    await engine.embed(file);
    const encodedBefore = encoded.size;
    for (const points of [clicks.slice(0, 1), clicks]) {
      const found = await withWindows(file, { points });
      expect(found).toMatchObject({ imageWidth: 4000, imageHeight: 3000 });
      const whole = iou(await withoutWindows(file, { points }), part);
      expect(iou(found, part)).toBeGreaterThan(Math.max(0.85, whole + 0.2));
      expect(encoded.size).toBe(encodedBefore + 1);
    }
  });

  it('are answered from the whole photo where no window holds all clicks', async () => {
    const points = [at(2517, 1263), at(100, 2900, 0)];
    expect(await withWindows(file, { points })).toEqual(await withoutWindows(file, { points }));
  });

  it('change nothing for what is not small, nor where only the background is clicked', async () => {
    const { boundingBox } = stars.large!;
    for (const prompt of [{ boundingBox }, { points: [at(1900, 2100)] }, { points: [at(2517, 1263, 0)] }]) {
      expect(await withWindows(file, prompt)).toEqual(await withoutWindows(file, prompt));
    }
  });
});

describe('a small object in a photo that is stored turned', () => {
  const size = { width: 2100, height: 900 };
  const { part, boundingBox } = placeStar({ x: 700, y: 600 }, 30, size);
  let rgb: Uint8Array;
  beforeAll(async () => {
    rgb = await renderStars([{ part, boundingBox }], size).raw().toBuffer();
  });

  it.each([6, 7] as const)(
    'is found where it lies in the upright one, with EXIF orientation %i',
    async (orientation) => {
      const { rgb: stored, ...storedSize } = storedWith(orientation, { rgb, ...size });
      const file = { path: join(folder, `turned-${orientation}.jpg`), contentHash: `turned-${orientation}` };
      await sharp(stored, { raw: { ...storedSize, channels: 3 } })
        .withMetadata({ orientation })
        .jpeg({ quality: 92 })
        .toFile(file.path);
      expect(iou(await withWindows(file, { boundingBox }), part)).toBeGreaterThan(0.85);
    },
  );
});

it('photos that are not large are answered as without windows', async () => {
  const size = { width: 2040, height: 1000 };
  const { part, boundingBox } = placeStar({ x: 700, y: 500 }, 30, size);
  const file = { path: join(folder, 'small.jpg'), contentHash: 'small' };
  await renderStars([{ part, boundingBox }], size).jpeg().toFile(file.path);
  expect(await withWindows(file, { boundingBox })).toEqual(await withoutWindows(file, { boundingBox }));
});
