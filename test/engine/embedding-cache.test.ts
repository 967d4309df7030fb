import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Prompt } from '#contract/vision/prompt';
import { createCacheFolder } from '../../src/blobs/cache-folder.ts';
import { createEngine, type EngineOptions } from '../../src/engine/create-engine.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { embeddingBytes } from '../../src/engine/half-embedding.ts';
import type { ImageFile } from '../../src/engine/image-file.ts';
import type { FileCache } from '../../src/runtime/file-cache.ts';
import { engineSettings } from '../../testing/engine-settings.ts';
import { newDiscImage } from '../../testing/new-disc-image.ts';

const EMBEDDING_BYTES = 256 * 64 * 64 * 2;
const prompt: Prompt = { points: [{ x: 0.5, y: 0.5, label: 1 }] };

let folder: string;
const opened: Engine[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kontur-test-'));
});
afterEach(() => Promise.all(opened.splice(0).map((engine) => engine.close())));
afterAll(() => rm(folder, { recursive: true }));

/** An engine, as a server that starts has it. */
function start(options: Partial<EngineOptions> = {}): Engine {
  const engine = createEngine({ settings: engineSettings(), embeddingCacheBytes: 4 * EMBEDDING_BYTES, ...options });
  opened.push(engine);
  return engine;
}

let stores = 0;
function newStore() {
  const storeFolder = join(folder, `store-${stores++}`);
  return { storeFolder, embeddingStore: createCacheFolder({ folder: storeFolder, limitBytes: 100 * EMBEDDING_BYTES }) };
}

const newImage = () => newDiscImage(folder);

/** The image without its file, so that it cannot be encoded again. */
const withoutFile = (file: ImageFile): ImageFile => ({ ...file, path: join(folder, 'no such file') });

describe('embeddings in a store', () => {
  it('spare a restarted engine the encoding, and give the same answers to the bit', async () => {
    const { storeFolder, embeddingStore } = newStore();
    const file = await newImage();
    const before = start({ embeddingStore });
    const expected = await before.decode(file, prompt);
    await before.close();
    expect(await readdir(storeFolder)).toEqual([
      expect.stringMatching(/^image\d+\.mobilesam-p2-[0-9a-f]{16}-v\d+-buckets-(int8|fp32)-cpu$/),
    ]);

    const after = start({ embeddingStore });
    const image = await after.embed(withoutFile(file));
    expect(image).toMatchObject({ imageWidth: 96, imageHeight: 64, modelWidth: 1024, modelHeight: 683 });
    expect(await after.decode(withoutFile(file), prompt)).toEqual(expected);
  });

  it('are not those of another precision', async () => {
    const { storeFolder, embeddingStore } = newStore();
    const file = await newImage();
    await start({ embeddingStore, settings: engineSettings({ precision: 'fp32' }) }).embed(file);
    const other = start({ embeddingStore, settings: engineSettings({ precision: 'int8' }) });
    await expect(other.embed(withoutFile(file))).rejects.toThrow();
    await other.embed(file);
    await other.close();
    expect(await readdir(storeFolder)).toHaveLength(2);
  });

  it('are made again where they are damaged', async () => {
    const { storeFolder, embeddingStore } = newStore();
    const file = await newImage();
    const before = start({ embeddingStore });
    const expected = await before.decode(file, prompt);
    await before.close();
    const [name] = await readdir(storeFolder);
    const kept = await readFile(join(storeFolder, name!));
    await writeFile(join(storeFolder, name!), kept.subarray(0, kept.length / 2));

    const after = start({ embeddingStore });
    expect(await after.decode(file, prompt)).toEqual(expected);
    await after.close();
    expect(Buffer.compare(await readFile(join(storeFolder, name!)), kept)).toBe(0);
  });

  it('do without a store that fails, and say so in the log', async () => {
    const fail = () => Promise.reject(new Error('the disk is full'));
    const broken: FileCache = { read: fail, write: fail, removeAll: fail, list: fail };
    const warnings: unknown[] = [];
    const logger = { info: () => {}, warn: (details: unknown) => void warnings.push(details) };
    const engine = start({ embeddingStore: broken, logger });
    await expect(engine.embed(await newImage())).resolves.toMatchObject({ imageWidth: 96 });
    await engine.close();
    expect(warnings).toEqual([1, 2].map(() => ({ err: expect.objectContaining({ message: 'the disk is full' }) })));
  });

  it('come back for a decoder that died, and for what had to leave its memory', async () => {
    const { embeddingStore } = newStore();
    const pids: Record<string, number> = {};
    const engine = start({
      embeddingStore,
      embeddingCacheBytes: EMBEDDING_BYTES,
      logger: {
        warn: () => {},
        info: (details: object) => {
          const { child, pid } = details as { child: string; pid: number };
          pids[child] = pid;
        },
      },
    });
    const file = await newImage();
    const expected = await engine.decode(file, prompt);
    await rm(file.path);
    await engine.embed(await newImage());
    expect(await engine.decode(file, prompt), 'after another image').toEqual(expected);
    process.kill(pids.decoder!, 'SIGKILL');
    expect(await engine.decode(file, prompt), 'after its death').toEqual(expected);
  });

  it('are gone when they are to be forgotten, and others are not', async () => {
    const { embeddingStore } = newStore();
    const engine = start({ embeddingStore });
    const [one, other] = [await newImage(), await newImage()];
    await engine.embed(one);
    await engine.embed(other);
    await engine.close();
    const restarted = start({ embeddingStore });
    await restarted.embed(withoutFile(one));
    await restarted.embed(withoutFile(other));
    await restarted.forgetEmbedding(one.contentHash);
    await expect(restarted.embed(withoutFile(one))).rejects.toThrow();
    await restarted.embed(withoutFile(other));
    expect(await embeddingStore.list()).toEqual([expect.stringContaining(other.contentHash)]);
  });
});

describe('readEmbedding', () => {
  it('gives the tensors and the frame, from memory and where there is no room for it', async () => {
    const engine = start({ embeddingCacheBytes: 2 * EMBEDDING_BYTES });
    const file = await newImage();
    const first = await engine.readEmbedding(file);
    expect(first.frame).toEqual({ imageWidth: 96, imageHeight: 64, modelWidth: 1024, modelHeight: 683 });
    expect(Object.keys(first.embedding)).toEqual(['image_embeddings']);
    expect(first.embedding.image_embeddings!.dims).toEqual([1, 256, 64, 64]);
    expect(embeddingBytes(first.embedding)).toBe(EMBEDDING_BYTES);
    expect(await engine.readEmbedding(withoutFile(file)), 'held').toEqual(first);
    await engine.embed(await newImage());
    await engine.embed(await newImage());
    await expect(engine.readEmbedding(withoutFile(file)), 'no longer held').rejects.toThrow();
    expect(await engine.readEmbedding(file)).toEqual(first);
  });
});

describe('warm', () => {
  it('encodes an image that nobody waits for after those that somebody does', async () => {
    const engine = start();
    await engine.ready();
    const [first, second, urgent] = [await newImage(), await newImage(), await newImage()];
    const order: string[] = [];
    const note = (name: string) => () => void order.push(name);
    await Promise.all([
      engine.warm(first).then(note('first')),
      engine.warm(second).then(note('second')),
      engine.embed(urgent).then(note('urgent')),
    ]);
    expect(order).toEqual(['first', 'urgent', 'second']);
    await expect(engine.embed(withoutFile(second))).resolves.toMatchObject({ imageWidth: 96 });
  });

  it('lets an image pass that a job comes to wait for', async () => {
    const engine = start();
    await engine.ready();
    const [first, second, third] = [await newImage(), await newImage(), await newImage()];
    const order: string[] = [];
    const note = (name: string) => () => void order.push(name);
    await Promise.all([
      engine.warm(first).then(note('first')),
      engine.warm(second).then(note('second')),
      engine.warm(third).then(note('third')),
      engine.embed(third).then(note('third, waited for')),
    ]);
    expect(order[0]).toBe('first');
    expect(order.at(-1)).toBe('second');
  });

  it('fails for what is no image, and can be given up', async () => {
    const engine = start();
    const path = join(folder, 'bad.jpg');
    await writeFile(path, 'GIF89a');
    await expect(engine.warm({ path, contentHash: 'bad' })).rejects.toMatchObject({ code: 'image-not-recognised' });
    const caller = new AbortController();
    const running = engine.warm(await newImage(), caller.signal);
    setTimeout(() => caller.abort(new Error('stopping')), 50);
    await expect(running).rejects.toThrow('stopping');
  });
});

describe('a prompt that extends an earlier one', () => {
  it('is answered as if nothing had been remembered', async () => {
    const engine = start();
    const fresh = start();
    const file = await newImage();
    const places = [0.5, 0.2, 0.6, 0.4].map((x, i) => ({ x, y: 0.5, label: i === 1 ? (0 as const) : (1 as const) }));
    for (let count = 1; count < places.length; count++) await engine.decode(file, { points: places.slice(0, count) });
    const extended = await engine.decode(file, { points: places });
    expect(extended).toEqual(await fresh.decode(file, { points: places }));
  });
});

describe('a process that hangs', () => {
  it('is replaced, and what it was doing is done', async () => {
    const pids: Record<string, number[]> = { encoder: [], decoder: [] };
    const logger = {
      warn: () => {},
      info: (details: object) => {
        const { child, pid } = details as { child: string; pid: number };
        pids[child]!.push(pid);
      },
    };
    const engine = start({ callLimitMs: 6000, logger });
    const first = await newImage();
    const expected = await engine.decode(first, prompt);
    for (const child of ['encoder', 'decoder']) process.kill(pids[child]![0]!, 'SIGSTOP');
    const [second, answer] = await Promise.all([engine.embed(await newImage()), engine.decode(first, prompt)]);
    expect(second).toMatchObject({ imageWidth: 96 });
    expect(answer).toEqual(expected);
    expect(pids).toEqual({
      encoder: [expect.any(Number), expect.any(Number)],
      decoder: [expect.any(Number), expect.any(Number)],
    });
  });
});
