import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEngine } from '../../src/engine/create-engine.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { engineSettings } from '../../testing/engine-settings.ts';
import { newDiscImage } from '../../testing/new-disc-image.ts';

const prompt = {
  points: [
    { x: 0.5, y: 0.5, label: 1 as const },
    { x: 0.1, y: 0.1, label: 0 as const },
  ],
};
const options = () => ({ settings: engineSettings({ maxPixels: 100_000 }), embeddingCacheBytes: 10_000_000 });

let folder: string;
let single: Engine;
/** Process ids of the engine as they were logged, newest last. */
const pids: number[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kontur-test-'));
  const logger = { info: (details: object) => void pids.push((details as { pid: number }).pid), warn: () => {} };
  single = createEngine({ ...options(), singleProcess: true, logger });
  await single.ready();
});
afterAll(async () => {
  await single.close();
  await rm(folder, { recursive: true });
});

it('answers what the engine in two processes answers, from one', async () => {
  const file = await newDiscImage(folder);
  const frame = await single.embed(file);
  const candidates = await single.decode(file, prompt);
  const double = createEngine(options());
  try {
    expect(await double.embed(file)).toEqual(frame);
    expect(await double.decode(file, prompt)).toEqual(candidates);
    expect(await double.readEmbedding(file)).toEqual(await single.readEmbedding(file));
  } finally {
    await double.close();
  }
  expect(pids).toHaveLength(1);
});

it('measures an image, and says what is wrong with one, before the engine is asked', async () => {
  expect(await single.measure(await newDiscImage(folder))).toEqual({ imageWidth: 96, imageHeight: 64 });
  const path = join(folder, 'bad.jpg');
  await writeFile(path, 'GIF89a');
  await expect(single.embed({ path, contentHash: 'bad' })).rejects.toMatchObject({ code: 'image-not-recognised' });
  await expect(single.measure({ path, contentHash: 'bad' })).rejects.toMatchObject({ code: 'image-not-recognised' });
  await expect(single.embed(await newDiscImage(folder))).resolves.toMatchObject({ imageWidth: 96 });
  expect(pids).toHaveLength(1);
});

it('encodes and decodes in a new process when this one dies', async () => {
  const file = await newDiscImage(folder);
  const embedding = single.embed(file);
  await sleep(150);
  process.kill(pids.at(-1)!, 'SIGKILL');
  await embedding;
  const before = await single.decode(file, prompt);
  const decoding = single.decode(file, prompt);
  process.kill(pids.at(-1)!, 'SIGKILL');
  await expect(decoding).resolves.toEqual(before);
  expect(pids).toHaveLength(3);
});
