import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Prompt, PromptPoint } from '#contract/vision/prompt';
import { createEngine } from '../../../src/engine/create-engine.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import { CATALOGUE, type Model } from '../../../src/models/catalogue.ts';
import { segmentImage } from '../../../src/segment/segment-image.ts';
import { engineSettings } from '../../../testing/engine-settings.ts';
import { decoderOf, type ExportShape, encoderOf, FED_BACK, RADII } from './export-graphs.ts';

/** A photo twice as wide as high; beyond `COLOURED` of its width it has another colour. */
const WIDTH = 600;
const HEIGHT = 300;
const COLOURED = 0.75;
const RGB = [200, 100, 50];
const imageNet = [(200 - 123.675) / 58.395, (100 - 116.28) / 57.12, (50 - 103.53) / 57.375];
const unitRange = RGB.map((value) => value / 255);

interface Case {
  name: string;
  id: string;
  shape: ExportShape;
  /**
   * Model pixels of the photo's height: half of the square where it is padded, all of it where the photo is stretched.
   */
  modelHeight: number;
  /** Masks that the export has: what one click answers, in order, and what several do. */
  oneClick: number[];
  severalClicks: number;
  takesBackground: boolean;
}

const CASES: Case[] = [
  {
    name: 'SAM with all masks',
    id: 'sam-vit-b',
    shape: {
      encoderInput: 'x',
      encoderOutputs: ['image_embeddings'],
      masks: [0, 1, 2, 3],
      padding: 'with points',
      takesMask: true,
      takesSize: true,
      answers: { logits: 'low_res_masks', scores: 'iou_predictions' },
      colour: imageNet,
    },
    modelHeight: 512,
    oneClick: [2, 3, 1],
    severalClicks: 0,
    takesBackground: true,
  },
  {
    name: 'SAM with one mask',
    id: 'sam-vit-b',
    shape: {
      encoderInput: 'images',
      encoderOutputs: ['image_embeddings'],
      masks: [0],
      padding: 'with points',
      takesMask: true,
      takesSize: true,
      answers: { logits: 'low_res_masks', scores: 'iou_predictions' },
      colour: imageNet,
    },
    modelHeight: 512,
    oneClick: [0],
    severalClicks: 0,
    takesBackground: true,
  },
  {
    name: 'EdgeSAM',
    id: 'edgesam',
    shape: {
      encoderInput: 'image',
      encoderOutputs: ['image_embeddings'],
      masks: [0, 1, 2, 3],
      padding: 'with points',
      takesMask: false,
      answers: { logits: 'masks', scores: 'scores' },
      colour: imageNet,
    },
    modelHeight: 512,
    oneClick: [2, 3, 1],
    severalClicks: 0,
    takesBackground: true,
  },
  {
    name: 'EfficientSAM',
    id: 'efficientsam-s',
    shape: {
      encoderInput: 'batched_images',
      encoderOutputs: ['image_embeddings'],
      masks: [1, 2, 3],
      padding: 'never',
      takesMask: false,
      isBatched: true,
      answers: { logits: 'output_masks', scores: 'iou_predictions' },
      colour: unitRange,
    },
    modelHeight: 1024,
    oneClick: [2, 3, 1],
    severalClicks: 2,
    takesBackground: false,
  },
  {
    name: 'SAM 2',
    id: 'sam2.1-tiny',
    shape: {
      encoderInput: 'image',
      encoderOutputs: ['high_res_feats_0', 'high_res_feats_1', 'image_embed'],
      masks: [1, 2, 3],
      padding: 'never',
      takesMask: true,
      answers: { logits: 'masks', scores: 'iou_predictions' },
      colour: imageNet,
    },
    modelHeight: 1024,
    oneClick: [2, 3, 1],
    severalClicks: 2,
    takesBackground: true,
  },
];

let folder: string;
let photo: { path: string; contentHash: string };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kontur-test-'));
  photo = { path: join(folder, 'photo.png'), contentHash: 'photo' };
  const rest = {
    create: { width: WIDTH * (1 - COLOURED), height: HEIGHT, channels: 3 as const, background: '#0a5aa0' },
  };
  await sharp({
    create: { width: WIDTH, height: HEIGHT, channels: 3, background: { r: RGB[0]!, g: RGB[1]!, b: RGB[2]! } },
  })
    .composite([{ input: rest, left: WIDTH * COLOURED, top: 0 }])
    .png()
    .toFile(photo.path);
});
afterAll(() => rm(folder, { recursive: true }));

/** The entry of the catalogue, with graphs of the tests instead of its files. */
async function modelOf({ id, shape }: Case): Promise<Model> {
  const entry = CATALOGUE.find((model) => model.id === id)!;
  const file = async (graph: Uint8Array) => {
    const sha256 = createHash('sha256').update(graph).digest('hex');
    const path = join(folder, `${sha256}.onnx`);
    await writeFile(path, graph);
    return { path, sha256 };
  };
  return { ...entry, encoder: await file(encoderOf(shape)), decoder: await file(decoderOf(shape)) };
}

const point = (x: number, y: number, label: 0 | 1 = 1): PromptPoint => ({ x, y, label });

describe.each(CASES)('$name', (shown) => {
  const { oneClick, severalClicks, modelHeight, takesBackground, shape } = shown;
  /** Half the width and height of a disc, in fractions of the photo. */
  const discOf = (mask: number, factor = 1) => ({
    x: (RADII[mask]! * factor) / 1024,
    y: (RADII[mask]! * factor) / modelHeight,
  });
  let engine: Engine;
  beforeAll(async () => {
    engine = createEngine({
      settings: engineSettings({ model: await modelOf(shown), cacheDir: join(folder, 'cache') }),
      embeddingCacheBytes: 1e8,
    });
    await engine.ready();
  });
  afterAll(() => engine?.close());

  /** The bounds of each segment in fractions of the photo: left, top, right, bottom. */
  async function segment(prompt: Prompt): Promise<number[][]> {
    const { segments } = await segmentImage({ engine, detailWindows: true }, photo, prompt);
    return segments.map(({ parts }) => {
      const ring = parts.flatMap(({ outer }) => outer);
      const xs = ring.map(({ x }) => x / WIDTH);
      const ys = ring.map(({ y }) => y / HEIGHT);
      return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    });
  }
  function expectBounds(actual: number[] | undefined, expected: number[]): void {
    expect(actual).toHaveLength(4);
    expected.forEach((value, i) => {
      expect(Math.abs(actual![i]! - value), `${actual} against ${expected}`).toBeLessThan(0.012);
    });
  }

  it('answers one click with its masks, best first, where the click is', async () => {
    const found = await segment({ points: [point(0.3, 0.5)] });
    expect(found).toHaveLength(oneClick.length);
    oneClick.forEach((mask, place) => {
      const { x, y } = discOf(mask);
      expectBounds(found[place], [0.3 - x, 0.5 - y, 0.3 + x, 0.5 + y]);
    });
  });

  it('sees the colours of the photo where they are', async () => {
    const [best] = await segment({ points: [point(COLOURED - 0.02, 0.4)] });
    const { x, y } = discOf(oneClick[0]!);
    expectBounds(best, [COLOURED - 0.02 - x, 0.4 - y, COLOURED, 0.4 + y]);
  });

  it('answers a box with one mask between its corners', async () => {
    const found = await segment({ boundingBox: { xMin: 0.1, yMin: 0.2, xMax: 0.5, yMax: 0.7 } });
    expect(found).toHaveLength(1);
    expectBounds(found[0], [0.1, 0.2, 0.5, 0.7]);
  });

  it('answers several clicks with one mask, with the mask of the first fed back where the export takes it', async () => {
    const found = await segment({ points: [point(0.25, 0.5), point(0.45, 0.5)] });
    const { x, y } = discOf(severalClicks, shape.takesMask ? FED_BACK : 1);
    expect(found).toHaveLength(1);
    expectBounds(found[0], [Math.max(0, 0.25 - x), Math.max(0, 0.5 - y), 0.45 + x, Math.min(1, 0.5 + y)]);
  });

  it(`${takesBackground ? 'leaves out' : 'does not know'} what a background point marks`, async () => {
    const box = { xMin: 0.1, yMin: 0.1, xMax: 0.6, yMax: 0.9 };
    const area = async (prompt: Prompt) =>
      areaOf((await segmentImage({ engine, detailWindows: true }, photo, prompt)).segments);
    const removed =
      (await area({ boundingBox: box })) - (await area({ boundingBox: box, points: [point(0.6, 0.5, 0)] }));
    if (takesBackground) expect(removed).toBeGreaterThan(0.01);
    else expect(removed).toBeCloseTo(0, 6);
  });
});

/** Area of the first segment's outer rings, in fractions of the photo. */
function areaOf(segments: { parts: { outer: readonly { x: number; y: number }[] }[] }[]): number {
  const rings = segments[0]?.parts.map(({ outer }) => outer) ?? [];
  const doubled = rings.map((ring) =>
    Math.abs(
      ring.reduce((sum, { x, y }, i) => {
        const next = ring[(i + 1) % ring.length]!;
        return sum + x * next.y - next.x * y;
      }, 0),
    ),
  );
  return doubled.reduce((sum, area) => sum + area / 2, 0) / (WIDTH * HEIGHT);
}
