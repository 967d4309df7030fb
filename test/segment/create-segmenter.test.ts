import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maskIou } from '#geometry/mask-iou';
import type { MaskPolygon } from '#geometry/mask-polygon';
import { rasterise } from '#geometry/rasterise';
import { unitPoint, unitToPixel } from '#geometry/spaces';
import { encodeRunLengths } from '../../bench/coco-objects.ts';
import { SOURCE_FLAGS } from '../../src/runtime/sibling-module.ts';
import { createSegmenter } from '../../src/segment/create-segmenter.ts';
import type { Prompt } from '../../src/segment/library.ts';
import type { Segmenter } from '../../src/segment/segmenter.ts';
import { renderScene } from '../../testing/render-scene.ts';
import { placeStar, renderStars } from '../../testing/render-star.ts';

const scene = renderScene(400, 300);
const prompt = { boundingBox: scene.boundingBox };
let folder: string;
let path: string;
let bytes: Buffer;
let segmenter: Segmenter;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kontur-test-'));
  path = join(folder, 'scene.png');
  bytes = await sharp(scene.rgb, { raw: { width: 400, height: 300, channels: 3 } })
    .png()
    .toBuffer();
  await writeFile(path, bytes);
  segmenter = await createSegmenter({ cacheDir: join(folder, 'cache'), threads: 2 });
});
afterAll(async () => {
  await segmenter.close();
  await rm(folder, { recursive: true });
});

describe('createSegmenter', () => {
  it('segments the bytes of an image: wire polygons, and parts in pixels', async () => {
    const { imageWidth, imageHeight, segments } = await segmenter.segment(bytes, prompt);
    expect({ imageWidth, imageHeight }).toEqual({ imageWidth: 400, imageHeight: 300 });
    expect(segments).toHaveLength(1);
    const [{ score, polygons, parts }] = segments as [(typeof segments)[number]];
    expect(score).toBeGreaterThan(0.8);
    expect(score).toBeLessThanOrEqual(1);
    expect(maskIou(rasterise(parts, 400, 300), scene.mask)).toBeGreaterThan(0.95);
    const outer = polygons[0]!.vertices.map(({ x, y }) => unitToPixel(unitPoint(x, y), { imageWidth, imageHeight }));
    expect(maskIou(rasterise([{ outer, holes: [] }], 400, 300), scene.mask)).toBeGreaterThan(0.95);
  });

  it('repairs a mask by one click, and answers one that comes alone as it stands', async () => {
    const drawn = (segments: { parts: MaskPolygon[] }[]) => rasterise(segments[0]?.parts ?? [], 400, 300);
    const { xMin, xMax, yMin, yMax } = scene.boundingBox;
    const middle = Math.round(200 * (xMin + xMax));
    const bitten = scene.mask.map((set, pixel) => (pixel % 400 < middle + 20 ? set : 0));
    const mask = { rle: encodeRunLengths(bitten, 400, 300) };
    const points = [{ x: xMax - (xMax - xMin) / 8, y: (yMin + yMax) / 2 }];
    const repaired = await segmenter.segment(bytes, { points, mask });
    expect(repaired.segments).toHaveLength(1);
    expect(maskIou(drawn(repaired.segments), scene.mask)).toBeGreaterThan(0.95);
    expect(maskIou(bitten, scene.mask)).toBeLessThan(0.75);

    const kept = await segmenter.segment(bytes, { mask });
    expect(maskIou(drawn(kept.segments), bitten)).toBeGreaterThan(0.99);
    const polygons = kept.segments[0]!.polygons.map(({ vertices }) => ({ vertices }));
    const again = await segmenter.segment(bytes, { mask: { polygons } });
    expect(again.segments[0]!.polygons).toEqual(kept.segments[0]!.polygons);
    expect(again.segments[0]!.score).toBeGreaterThan(0.3);

    const other = { rle: { size: [400, 300] as [number, number], counts: [5, 5, 119_990] } };
    await expect(segmenter.segment(bytes, { points, mask: other })).rejects.toThrow('[300, 400]');
  });

  it('answers the same for the path of the file, an ArrayBuffer, and both at once', async () => {
    const expected = await segmenter.segment(bytes, prompt);
    const copy = new Uint8Array(bytes).buffer;
    expect(await Promise.all([segmenter.segment(path, prompt), segmenter.segment(copy, prompt)])).toEqual([
      expected,
      expected,
    ]);
  });

  it('looks closely at a small box in a large photo', async () => {
    const size = { width: 4000, height: 3000 };
    const { part, boundingBox } = placeStar({ x: 1300, y: 900 }, 30, size);
    const photo = await renderStars([{ part, boundingBox }], size).jpeg({ quality: 92 }).toBuffer();
    const { segments } = await segmenter.segment(photo, { boundingBox });
    const masks = [segments[0]!.parts, [part]].map((parts) => rasterise(parts, size.width, size.height));
    // Seen as a whole, the photo gives about 0.5.
    expect(maskIou(masks[0]!, masks[1]!)).toBeGreaterThan(0.85);
  });

  it('refuses a bad prompt before it looks at the image, and a bad image with its reason', async () => {
    await expect(segmenter.segment('/no/such/file', {})).rejects.toMatchObject({ code: 'invalid-request' });
    await expect(segmenter.segment(bytes.subarray(0, 3000), prompt)).rejects.toMatchObject({ code: 'image-truncated' });
    await expect(segmenter.segment(new Uint8Array(), prompt)).rejects.toMatchObject({ code: 'image-not-uploaded' });
    await expect(segmenter.segment('/no/such/file', prompt)).rejects.toThrow('/no/such/file');
  });

  it('takes a file: URL, and names that the image library would read as more than a name', async () => {
    const expected = await segmenter.segment(bytes, prompt);
    for (const name of ['a.png[shrink=8]', 'scan [2]', 'ü b.png']) {
      const file = join(folder, name);
      await writeFile(file, bytes);
      expect(await segmenter.segment(file, prompt)).toEqual(expected);
      expect(await segmenter.segment(pathToFileURL(file), prompt)).toEqual(expected);
      expect(await segmenter.segment(pathToFileURL(file).href, prompt)).toEqual(expected);
      const cut = (await segmenter.format(expected, 'cutout', { photo: pathToFileURL(file) })) as Uint8Array;
      expect(await sharp(cut).metadata()).toMatchObject({ width: 400, height: 300 });
    }
  });

  it.each([
    ['no prompt', [undefined], 'The prompt is missing'],
    ['null', [null], 'The prompt is missing'],
    ['a list', [{ points: { x: 0.5, y: 0.5 } }], 'points must be a list'],
    ['pixels', [{ points: [{ x: 200, y: 0.5 }] }], 'divide by the width of the upright image'],
  ])('says what is wrong with a prompt: %s', async (_, [wrong], words) => {
    await expect(segmenter.segment(path, wrong as Prompt)).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining(words),
    });
  });

  it.each([
    ['https://example.com/a.jpg', 'begins with https:'],
    [new URL('https://example.com/a.jpg'), 'begins with https:'],
    ['data:image/png;base64,AAAA', 'begins with data:'],
    [undefined, 'got undefined'],
    [new Blob([]), 'got a Blob'],
    ['/no/such/file', 'There is no file /no/such/file.'],
    [tmpdir(), 'is a folder'],
  ])('says what is wrong with an image: %s', async (wrong, words) => {
    await expect(segmenter.segment(wrong as string, prompt)).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining(words),
    });
  });

  it('stops when its signal aborts', async () => {
    const other = await sharp(bytes).negate().png().toBuffer();
    const aborted = AbortSignal.abort(new Error('changed my mind'));
    await expect(segmenter.segment(other, prompt, aborted)).rejects.toThrow('changed my mind');
  });

  it('writes nothing but the graphs into the cache folder, removes its temporary files, and lets the program end', async () => {
    const [home, temporary, cache, work] = ['home', 'temporary', 'own-cache', 'work'].map((name) => join(folder, name));
    for (const made of [home!, temporary!, work!]) await mkdir(made);
    const program = `
      import { readFile } from 'node:fs/promises';
      const { createSegmenter } = await import(${JSON.stringify(new URL('../../src/segment/create-segmenter.ts', import.meta.url))});
      const segmenter = await createSegmenter({ cacheDir: ${JSON.stringify(cache)} });
      const { segments } = await segmenter.segment(await readFile(${JSON.stringify(path)}), ${JSON.stringify(prompt)});
      console.log(segments.length);
      await segmenter.close();`;
    const environment = {
      PATH: process.env.PATH,
      HOME: home,
      TMPDIR: temporary,
      XDG_CACHE_HOME: join(home!, '.cache'),
    };
    const run = promisify(execFile)(process.execPath, [...SOURCE_FLAGS, '--input-type=module', '-e', program], {
      cwd: work,
      env: environment,
    });
    expect((await run).stdout.trim()).toBe('1');
    for (const untouched of [home!, temporary!, work!]) {
      expect(await readdir(untouched, { recursive: true })).toEqual([]);
    }
    expect((await readdir(cache!)).sort()).toEqual([
      expect.stringMatching(/^mobilesam-decoder-.*\.ort$/),
      expect.stringMatching(/^mobilesam-encoder-.*\.ort$/),
    ]);
  });

  it('runs as its documentation says', async () => {
    const source = await readFile(new URL('../../src/segment/create-segmenter.ts', import.meta.url), 'utf8');
    const examples = [...source.matchAll(/@example\n([\s\S]*?)(?=\n \* @|\*\/)/g)].map(([, example]) => example ?? '');
    await sharp(bytes).jpeg().toFile(join(folder, 'photo.jpg'));
    const library = JSON.stringify(new URL('../../dist/segment/library.js', import.meta.url));
    const run = async (example = '') => {
      const program = example.replaceAll(/^ \* ?/gm, '').replace("'kontur-segment'", library);
      const node = [process.execPath, ['--input-type=module', '-e', program], { cwd: folder }] as const;
      return (await promisify(execFile)(...node)).stdout;
    };
    expect(examples).toHaveLength(2);
    expect(await run(examples[0])).toMatch(/^0\.\d+ \d+ 400$|^1 \d+ 400$/m);
    expect(await run(examples[1])).toMatch(/^invalid-request request .*boundingBox/);
  });
});
