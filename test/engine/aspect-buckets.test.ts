import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createCacheFolder } from '../../src/blobs/cache-folder.ts';
import { createEngine, type EngineOptions } from '../../src/engine/create-engine.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { EngineSettings } from '../../src/engine/engine-settings.ts';
import type { ImageFile } from '../../src/engine/image-file.ts';
import { MOBILE_SAM } from '../../src/models/catalogue.ts';
import { engineSettings } from '../../testing/engine-settings.ts';

const MIB = 1024 * 1024;

let folder: string;
const opened: Engine[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kontur-test-'));
});
afterEach(() => Promise.all(opened.splice(0).map((engine) => engine.close())));
afterAll(() => rm(folder, { recursive: true }));

function start(
  settings: Partial<EngineSettings> = {},
  options: Pick<EngineOptions, 'embeddingStore' | 'logger'> = {},
): Engine {
  const engine = createEngine({ settings: engineSettings(settings), embeddingCacheBytes: 2 * MIB, ...options });
  opened.push(engine);
  return engine;
}

/** A red disc in the middle. */
async function newImage(width: number, height: number): Promise<ImageFile> {
  const contentHash = `${width}x${height}`;
  const path = join(folder, `${contentHash}.png`);
  const disc = `<svg width="${width}" height="${height}"><circle cx="50%" cy="50%" r="24" fill="red"/></svg>`;
  const ground = sharp({ create: { width, height, channels: 3, background: '#567' } });
  await ground
    .composite([{ input: Buffer.from(disc) }])
    .png()
    .toFile(path);
  return { path, contentHash };
}

/** Logits of the best candidate for a click on the disc, after encoding the image again. */
async function decodeDisc(engine: Engine, file: ImageFile): Promise<Float32Array> {
  await engine.forgetEmbedding(file.contentHash);
  const candidates = await engine.decode(file, { points: [{ x: 0.5, y: 0.5, label: 1 }] });
  return candidates.reduce((best, each) => (each.score > best.score ? each : best)).logits;
}

function iou(a: Float32Array, b: Float32Array): number {
  const both = a.filter((value, i) => value > 0 && b[i]! > 0).length;
  return both / a.filter((value, i) => value > 0 || b[i]! > 0).length;
}

const encodersIn = async (cacheDir: string) =>
  (await readdir(cacheDir)).flatMap((name) => /encoder-\w+-(\d+x\d+)/.exec(name)?.[1] ?? []).sort();

describe('images of several shapes', () => {
  it('are encoded each in its own bucket, in any order alike, and nearly as in the square', async () => {
    const cacheDir = join(folder, 'shapes');
    const buckets = start({ cacheDir });
    const shapes = await Promise.all([newImage(128, 96), newImage(96, 128), newImage(96, 96), newImage(160, 90)]);
    const first = [];
    for (const file of shapes) first.push(await decodeDisc(buckets, file));
    expect(await encodersIn(cacheDir)).toEqual(['1024x1024', '1024x640', '1024x832', '832x1024']);

    const square = start({ aspectBuckets: false });
    for (const [index, file] of [...shapes.entries()].reverse()) {
      expect(await decodeDisc(buckets, file), `${file.contentHash} again`).toEqual(first[index]);
      expect(iou(first[index]!, await decodeDisc(square, file)), file.contentHash).toBeGreaterThan(0.95);
    }
  });

  it('leave the encoder no larger than the first of them did', async () => {
    let encoder = 0;
    const logger = {
      info: (details: object) => {
        const { child, pid } = details as { child: string; pid: number };
        if (child === 'encoder') encoder = pid;
      },
      warn: () => {},
    };
    const engine = start({}, { logger });
    const residentMegabytes: number[] = [];
    for (const [width, height] of [
      [96, 128],
      [128, 96],
      [160, 90],
      [96, 128],
    ] as const) {
      await decodeDisc(engine, await newImage(width, height));
      const status = await readFile(`/proc/${encoder}/status`, 'utf8');
      residentMegabytes.push(Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024);
    }
    expect(Math.max(...residentMegabytes) / residentMegabytes[0]!).toBeLessThan(1.3);
  });
});

describe('embeddings', () => {
  it('of buckets and of the square never stand for one another', async () => {
    const storeFolder = join(folder, 'store');
    const embeddingStore = createCacheFolder({ folder: storeFolder, limitBytes: 100 * MIB });
    const file = await newImage(128, 96);
    for (const aspectBuckets of [true, false]) {
      const engine = start({ aspectBuckets }, { embeddingStore });
      await engine.embed(file);
      await engine.close();
    }
    expect((await readdir(storeFolder)).map((name) => name.includes('-buckets-')).sort()).toEqual([false, true]);
  });
});

describe('ready', () => {
  it('says what keeps the encoder from running, though no image has come yet', async () => {
    const model = { ...MOBILE_SAM, encoder: { ...MOBILE_SAM.encoder, sha256: '0'.repeat(64) } };
    await expect(start({ model }).ready()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('mobilesam/encoder.onnx is damaged'),
    });
  });
});
