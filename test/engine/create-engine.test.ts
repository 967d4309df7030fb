import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Prompt } from '#contract/vision/prompt';
import { createEngine } from '../../src/engine/create-engine.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { SOURCE_FLAGS } from '../../src/runtime/sibling-module.ts';
import { engineSettings } from '../../testing/engine-settings.ts';
import { newDiscImage } from '../../testing/new-disc-image.ts';

const EMBEDDING_BYTES = 256 * 64 * 64 * 2;
const prompt: Prompt = { points: [{ x: 0.5, y: 0.5, label: 1 }] };

let folder: string;
let engine: Engine;
/** Process ids as they were logged, newest last. */
const pids: Record<string, number[]> = { encoder: [], decoder: [] };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kontur-test-'));
  engine = createEngine({
    settings: engineSettings({ maxPixels: 100_000_000 }),
    embeddingCacheBytes: 3 * EMBEDDING_BYTES,
    logger: {
      info: (details: object) => {
        const { child, pid } = details as { child: string; pid: number };
        pids[child]?.push(pid);
      },
      warn: () => {},
    },
  });
  await engine.ready();
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});
afterEach(() => engine.ready());

const current = (child: 'encoder' | 'decoder'): number => pids[child]!.at(-1)!;

const newImage = () => newDiscImage(folder);

describe('precision', () => {
  it.each(['int8', 'fp32'] as const)('is %s where that is asked for', async (precision) => {
    const cacheDir = join(folder, `cache-${precision}`);
    const settings = engineSettings({ cacheDir, precision });
    const forced = createEngine({ settings, embeddingCacheBytes: EMBEDDING_BYTES });
    try {
      const [best] = await forced.decode(await newImage(), prompt);
      expect(best!.score).toBeGreaterThan(0.8);
      const encoders = (await readdir(cacheDir)).filter((name) => name.includes('encoder'));
      // One that is prepared at the start, and the image's own.
      expect(encoders).toEqual(Array.from({ length: 2 }, () => expect.stringContaining(`-encoder-${precision}-`)));
    } finally {
      await forced.close();
    }
  });
});

describe('embed', () => {
  it('answers the frame, and knows the image by its hash from then on', async () => {
    const file = await newImage();
    const frame = await engine.embed(file);
    expect(frame).toEqual({ imageWidth: 96, imageHeight: 64, modelWidth: 1024, modelHeight: 683 });
    await rm(file.path);
    await expect(engine.embed(file)).resolves.toEqual(frame);
    await expect(engine.decode(file, prompt)).resolves.toHaveLength(3);
  });

  it('encodes an image once for all who ask at the same time', async () => {
    const file = await newImage();
    const first = engine.embed(file);
    const others = [1, 2, 3].map(() => engine.embed({ ...file, path: '/no/such/file' }));
    const frame = await first;
    expect(await Promise.all(others)).toEqual([frame, frame, frame]);
  });

  it('answers for a bad image with its error, and goes on in the same process', async () => {
    const path = join(folder, 'bad.jpg');
    await writeFile(path, 'GIF89a');
    const before = current('encoder');
    await expect(engine.embed({ path, contentHash: 'bad' })).rejects.toMatchObject({
      code: 'image-not-recognised',
      message: expect.stringContaining('GIF'),
    });
    await engine.embed(await newImage());
    expect(current('encoder')).toBe(before);
  });

  it('can be given up, which frees the encoder for others', async () => {
    const caller = new AbortController();
    const abandoned = engine.embed(await newImage(), caller.signal);
    const behind = engine.embed(await newImage());
    setTimeout(() => caller.abort(new Error('timed out')), 100);
    await expect(abandoned).rejects.toThrow('timed out');
    await expect(behind).resolves.toMatchObject({ imageWidth: 96 });
  });
});

describe('decode', () => {
  it('answers one point with three scored candidates on the 256 grid and a box with one', async () => {
    const image = await newImage();
    await engine.embed(image);
    const candidates = await engine.decode(image, prompt);
    expect(candidates.map(({ logits }) => logits.length)).toEqual([65536, 65536, 65536]);
    expect(candidates[0]!.score).toBeGreaterThan(0.8);
    const box = await engine.decode(image, { boundingBox: { xMin: 0.2, yMin: 0.1, xMax: 0.8, yMax: 0.9 } });
    expect(box).toHaveLength(1);
  });

  it('embeds again what had to leave the cache', async () => {
    const first = await newImage();
    const before = await engine.decode(first, prompt);
    for (let i = 0; i < 3; i++) await engine.embed(await newImage());
    await expect(engine.decode(first, prompt)).resolves.toEqual(before);
    await rm(first.path);
    await expect(engine.decode(first, prompt), 'held again').resolves.toEqual(before);
  });

  it('fails with the reason when given up, and keeps the embeddings', async () => {
    const image = await newImage();
    await engine.embed(image);
    const before = current('decoder');
    const caller = new AbortController();
    const abandoned = engine.decode(image, prompt, caller.signal);
    await sleep(1);
    caller.abort(new Error('timed out'));
    await expect(abandoned).rejects.toThrow('timed out');
    await rm(image.path);
    await expect(engine.decode(image, prompt)).resolves.toHaveLength(3);
    expect(current('decoder')).toBe(before);
  });
});

/** A hundred points, which take the decoder many times as long as one. */
const longPrompt: Prompt = {
  points: Array.from({ length: 100 }, (_, i) => ({
    x: (0.5 + (i % 10)) / 10,
    y: (0.5 + Math.floor(i / 10)) / 10,
    label: i % 10 > 2 && i % 10 < 7 ? 1 : 0,
  })),
};

describe('a prompt of many points', () => {
  it('lets a click pass on another image, and is answered', async () => {
    const [image, other] = [await newImage(), await newImage()];
    await Promise.all([engine.embed(image), engine.embed(other)]);
    const answered: string[] = [];
    const long = engine.decode(image, longPrompt).then((candidates) => {
      answered.push('long');
      return candidates;
    });
    for (const name of ['first', 'second', 'third']) {
      await engine.decode(other, prompt);
      answered.push(name);
    }
    await expect(long).resolves.toHaveLength(1);
    expect(answered).toEqual(['first', 'second', 'third', 'long']);
  });

  it('is dropped where it is given up, and leaves the decoder as it is', async () => {
    const image = await newImage();
    await engine.embed(image);
    const before = current('decoder');
    const caller = new AbortController();
    const long = engine.decode(image, longPrompt, caller.signal);
    await engine.decode(image, prompt);
    caller.abort(new Error('gone'));
    await expect(long).rejects.toThrow('gone');
    await expect(engine.decode(image, prompt)).resolves.toHaveLength(3);
    expect(current('decoder')).toBe(before);
  });

  it('is answered, as those that wait are, where the decoder dies on the way', async () => {
    const images = await Promise.all([newImage(), newImage(), newImage()]);
    await Promise.all(images.map((image) => engine.embed(image)));
    const prompts = images.map((image) => engine.decode(image, longPrompt));
    await engine.decode(images[0]!, prompt);
    const clicks = images.map((image) => engine.decode(image, prompt));
    process.kill(current('decoder'), 'SIGKILL');
    for (const answer of await Promise.all(prompts)) expect(answer).toHaveLength(1);
    for (const answer of await Promise.all(clicks)) expect(answer).toHaveLength(3);
  });
});

describe('a process that dies', () => {
  it('in the middle of encoding: the image is encoded in a new one', async () => {
    const before = current('encoder');
    const image = await newImage();
    const embedding = engine.embed(image);
    await sleep(150);
    process.kill(before, 'SIGKILL');
    await embedding;
    expect(current('encoder')).not.toBe(before);
    await expect(engine.decode(image, prompt)).resolves.toHaveLength(3);
  });

  it('in the middle of decoding: the prompt is answered by a new one, as before', async () => {
    const file = await newImage();
    const points = Array.from({ length: 20 }, (_, i) => ({ x: 0.4 + i * 0.01, y: 0.5, label: 1 as const }));
    const expected = await engine.decode(file, { points });
    await engine.forgetEmbedding(file.contentHash);
    await engine.embed(file);
    const before = current('decoder');
    const decoding = engine.decode(file, { points });
    await sleep(100);
    process.kill(before, 'SIGKILL');
    await expect(decoding).resolves.toEqual(expected);
    expect(current('decoder')).not.toBe(before);
  });

  it('is not one that was sent the signals of a terminal: those are for the server', async () => {
    const image = await newImage();
    await engine.embed(image);
    const before = [current('encoder'), current('decoder')];
    for (const pid of before) {
      process.kill(pid, 'SIGINT');
      process.kill(pid, 'SIGTERM');
    }
    await engine.decode(image, prompt);
    await engine.embed(await newImage());
    expect([current('encoder'), current('decoder')]).toEqual(before);
  });

  it('goes when its parent is killed', async () => {
    const program = `
      const { createEngine } = await import(${JSON.stringify(new URL('../../src/engine/create-engine.ts', import.meta.url))});
      const logger = { info: ({ pid }) => console.log(pid), warn: () => {} };
      const settings = ${JSON.stringify(engineSettings({ cacheDir: join(folder, 'cache') }))};
      await createEngine({ settings, embeddingCacheBytes: 1e7, logger }).ready();
      console.log('ready');`;
    const parent = spawn(process.execPath, [...SOURCE_FLAGS, '--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    for await (const chunk of parent.stdout) {
      output += chunk;
      if (output.includes('ready')) break;
    }
    const children = [...output.matchAll(/\d+/g)].map(Number);
    expect(children).toHaveLength(2);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    const running = () => Promise.all(children.map(isRunning));
    await vi.waitFor(async () => expect(await running()).toEqual([false, false]), { timeout: 20_000, interval: 100 });
  });
});

// Memory is measured in copies of the decoded image, since the baseline of a process differs between machines.
describe('images of 100 megapixels', () => {
  const copyMegabytes = (3 * 10_000 * 10_000) / 1024 ** 2;
  const large = sharp({
    create: { width: 10_000, height: 10_000, channels: 3, background: '#3a7' },
    limitInputPixels: false,
  });

  it.each([
    ['PNG', () => large.clone().png({ compressionLevel: 1 })],
    ['progressive JPEG', () => large.clone().jpeg({ progressive: true })],
  ])('are read from a %s within bounded memory', async (name, encode) => {
    const path = join(folder, 'large');
    await encode().toFile(path);
    const before = await megabytes(current('encoder'), 'VmRSS');
    const image = await engine.embed({ path, contentHash: `large ${name}` });
    expect(image).toMatchObject({ imageWidth: 10_000, imageHeight: 10_000, modelWidth: 1024, modelHeight: 1024 });
    expect((await megabytes(current('encoder'), 'VmHWM')) - before).toBeLessThan(4 * copyMegabytes);
  });
});

describe('photos of 50 megapixels', () => {
  it('one after the other leave the encoder no larger than the first of them did', async () => {
    const size = { width: 8660, height: 5774 };
    const photo = sharp({ create: { ...size, channels: 3, background: '#3a7' } });
    const kinds = {
      baseline: photo.clone().jpeg(),
      progressive: photo.clone().jpeg({ progressive: true }),
      turned: photo.clone().withMetadata({ orientation: 6 }).jpeg(),
    };
    for (const [kind, jpeg] of Object.entries(kinds)) await jpeg.toFile(join(folder, kind));
    const resident: number[] = [];
    for (const round of [1, 2]) {
      for (const kind of Object.keys(kinds)) {
        const image = await engine.embed({ path: join(folder, kind), contentHash: `${kind} ${round}` });
        expect(image).toMatchObject(kind === 'turned' ? { imageHeight: 8660 } : { imageWidth: 8660 });
      }
      resident.push(await megabytes(current('encoder'), 'VmRSS'));
    }
    const copyMegabytes = (3 * size.width * size.height) / 1024 ** 2;
    expect(resident[1]! - resident[0]!).toBeLessThan(copyMegabytes);

    // Windows at the far end of what is stored, so that all of it has to be read.
    const window = { left: 4480, top: 4480, width: 1280, height: 1280 };
    for (const kind of Object.keys(kinds)) {
      const part = await engine.embed({ path: join(folder, kind), contentHash: `${kind} 1`, window });
      expect(part).toMatchObject({ imageWidth: 1280, modelWidth: 1024 });
    }
    expect((await megabytes(current('encoder'), 'VmRSS')) - resident[0]!).toBeLessThan(copyMegabytes);
  });
});

/** False for a process that has ended, even where nobody has taken note of its end (a zombie). */
async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'Z');
  return !/\) Z|^Z/.test(stat);
}

/** Resident memory: now, or the most so far. */
async function megabytes(pid: number, what: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${what}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
}
