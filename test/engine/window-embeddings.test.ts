import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Prompt } from '#contract/vision/prompt';
import { createCacheFolder } from '../../src/blobs/cache-folder.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { ImageFile } from '../../src/engine/image-file.ts';
import { engineSettings } from '../../testing/engine-settings.ts';
import { placeStar, renderStars } from '../../testing/render-star.ts';

const size = { width: 1000, height: 700 };
const prompt: Prompt = { points: [{ x: 0.5, y: 0.5, label: 1 }] };
const window = { left: 320, top: 160, width: 320, height: 320 };

let folder: string;
let path: string;
let storeFolder: string;
const opened: Engine[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kontur-test-'));
  path = join(folder, 'stars.png');
  storeFolder = join(folder, 'store');
  await renderStars([placeStar({ x: 480, y: 320 }, 60, size)], size)
    .png({ compressionLevel: 1 })
    .toFile(path);
});
afterEach(() => Promise.all(opened.splice(0).map((engine) => engine.close())));
afterAll(() => rm(folder, { recursive: true }));

/** An engine, as a server that starts has it. */
function start(): Engine {
  const engine = createEngine({
    settings: engineSettings(),
    embeddingCacheBytes: 100_000_000,
    embeddingStore: createCacheFolder({ folder: storeFolder, limitBytes: 100_000_000 }),
  });
  opened.push(engine);
  return engine;
}

/** The image without its file, so that it cannot be read again. */
const withoutFile = (file: ImageFile): ImageFile => ({ ...file, path: join(folder, 'no such file') });

describe('the embedding of a window', () => {
  it('is made once for all who ask at the same time, and is not that of another window or the whole', async () => {
    const engine = start();
    const whole: ImageFile = { path, contentHash: 'once' };
    const first = engine.embed({ ...whole, window });
    const others = [1, 2].map(() => engine.embed(withoutFile({ ...whole, window: { ...window } })));
    const [image, ...same] = await Promise.all([first, ...others]);
    expect(image).toMatchObject({ imageWidth: 320, imageHeight: 320, modelWidth: 1024, modelHeight: 1024 });
    expect(same).toEqual([image, image]);
    await expect(engine.embed(withoutFile(whole)), 'the whole').rejects.toThrow();
    const beside = { ...window, left: 160 };
    await expect(engine.embed(withoutFile({ ...whole, window: beside })), 'another').rejects.toThrow();
    expect(await engine.decode(withoutFile({ ...whole, window }), prompt)).toHaveLength(3);
  });

  it('outlives the process, and goes with all others of its content', async () => {
    const whole: ImageFile = { path, contentHash: 'kept' };
    const before = start();
    const expected = await before.decode({ ...whole, window }, prompt);
    await before.embed(whole);
    await before.close();
    const kept = async () => (await readdir(storeFolder)).filter((name) => name.startsWith('kept.')).sort();
    expect(await kept()).toEqual([
      expect.stringMatching(/^kept\.mobilesam-[\w.-]+-cpu$/),
      expect.stringMatching(/^kept\.mobilesam-[\w.-]+-cpu\.window-320-160-320-320$/),
    ]);

    const after = start();
    expect(await after.decode(withoutFile({ ...whole, window }), prompt)).toEqual(expected);
    await after.forgetEmbedding('kept');
    expect(await kept()).toEqual([]);
    await expect(after.embed(withoutFile({ ...whole, window }))).rejects.toThrow();
  });
});

describe('measure', () => {
  it('answers the size of the whole image, which is known by its hash from then on', async () => {
    const engine = start();
    const file: ImageFile = { path, contentHash: 'measured' };
    const expected = { imageWidth: 1000, imageHeight: 700 };
    expect(await engine.measure(file)).toEqual(expected);
    expect(await engine.measure(withoutFile(file))).toEqual(expected);
    await engine.embed({ path, contentHash: 'embedded' });
    expect(await engine.measure(withoutFile({ path, contentHash: 'embedded' }))).toEqual(expected);
    await engine.embed({ path, contentHash: 'in part', window });
    await expect(engine.measure(withoutFile({ path, contentHash: 'in part' }))).rejects.toThrow();
  });

  it('says what is wrong with an image', async () => {
    const bad = join(folder, 'bad');
    await writeFile(bad, 'GIF89a');
    await expect(start().measure({ path: bad, contentHash: 'bad' })).rejects.toMatchObject({
      code: 'image-not-recognised',
    });
  });
});
