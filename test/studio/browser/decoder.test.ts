import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CurrentModel } from '#contract/vision/current-model';
import type { PreviewedSegment } from '#contract/vision/outputs';
import type { Prompt } from '#contract/vision/prompt';
import type { Polygon, Segment } from '#contract/vision/segment-job';
import { maskIou } from '#geometry/mask-iou';
import { rasterise } from '#geometry/rasterise';
import { pixelPoint } from '#geometry/spaces';
import type { BrowserDecoder } from '../../../studio/src/decoder/create-decoder.ts';
import { placeStar, renderStars } from '../../../testing/render-star.ts';
import { createFolders, PHOTO, root, type ServerProcess, startServerProcess } from '../../../testing/server-process.ts';
import { launchChromium } from '../../../testing/studio/open-studio.ts';
import { type ServedPage, servePage } from '../../../testing/studio/serve-page.ts';
import type { DecoderPage } from './decoder-page.ts';

type Decoder = Pick<BrowserDecoder, 'state' | 'failure' | 'load' | 'open' | 'segment' | 'close'>;
declare const createDecoder: DecoderPage['createDecoder'];
declare let decoder: Decoder;

const SCRIPT = 'decoder-page.js';
const LARGE = { width: 4000, height: 3000 };
const STARS = [
  [700, 600, 40],
  [2517, 1263, 30],
  [3300, 2400, 60],
  [1500, 2200, 90],
].map(([x = 0, y = 0, radius = 0]) => ({ x, y, radius, ...placeStar({ x, y }, radius, LARGE) }));

const folders = createFolders();
let built: string;
let server: ServerProcess;
let browser: Browser;
let boats: number;
let stars: number;
const served: ServedPage[] = [];

beforeAll(async () => {
  built = mkdtempSync(path.join(tmpdir(), 'kontur-page-'));
  await build({
    configFile: path.join(root, 'studio/vite.config.ts'),
    logLevel: 'warn',
    build: {
      outDir: built,
      rollupOptions: {
        input: path.join(root, 'test/studio/browser/decoder-page.ts'),
        output: { entryFileNames: SCRIPT },
      },
    },
  });
  server = await startServerProcess(folders);
  browser = await launchChromium();
  boats = await server.upload('boats.jpg', PHOTO);
  stars = await server.upload('stars.jpg', await renderStars(STARS, LARGE).jpeg({ quality: 92 }).toBuffer());
});
afterAll(async () => {
  await browser?.close();
  await Promise.all(served.map((page) => page.close()));
  await server?.end('SIGTERM');
  folders.remove();
  if (built) rmSync(built, { recursive: true });
});

/** Opens a page with a decoder that is not loaded yet. */
async function openPage(
  options: Partial<Parameters<typeof servePage>[1]> = {},
  { before }: { before?: string } = {},
): Promise<{ page: Page; asked: string[]; answered: string[] }> {
  const serving = await servePage(server.url, { folder: built, script: SCRIPT, ...options });
  served.push(serving);
  const page = await browser.newPage();
  if (before !== undefined) await page.addInitScript(before);
  await page.goto(serving.url);
  await page.waitForFunction(() => 'createDecoder' in globalThis);
  await page.evaluate((token) => Object.assign(globalThis, { decoder: createDecoder(token) }), server.token);
  return { page, asked: serving.asked, answered: serving.answered };
}

const preview = (page: Page, fileId: number, prompt: Prompt) =>
  page.evaluate(({ fileId, prompt }) => decoder.segment(fileId, prompt), { fileId, prompt });

const point = (x: number, y: number, label: 0 | 1 = 1) => ({ x, y, label });
const box = (xMin: number, yMin: number, xMax: number, yMax: number) => ({ xMin, yMin, xMax, yMax });

/** Prompts on the photo of boats: single points, points that correct, boxes, and boxes with points. */
const ON_BOATS: Prompt[] = [
  ...[
    [0.83, 0.87],
    [0.2, 0.9],
    [0.5, 0.5],
    [0.45, 0.62],
    [0.1, 0.3],
    [0.75, 0.3],
    [0.62, 0.77],
    [0.33, 0.72],
  ].map(([x = 0, y = 0]) => ({ points: [point(x, y)] })),
  { points: [point(0.83, 0.87), point(0.7, 0.87)] },
  { points: [point(0.83, 0.87), point(0.83, 0.7, 0)] },
  { points: [point(0.2, 0.9), point(0.1, 0.9), point(0.3, 0.6, 0)] },
  { points: [point(0.5, 0.5), point(0.55, 0.5), point(0.5, 0.9, 0), point(0.1, 0.1, 0)] },
  { points: [point(0.9, 0.1, 0), point(0.45, 0.62), point(0.5, 0.62)] },
  { points: Array.from({ length: 11 }, (_, i) => point(0.3 + 0.04 * i, 0.85, i % 4 === 3 ? 0 : 1)) },
  { boundingBox: box(0.67, 0.78, 1, 0.99) },
  { boundingBox: box(0.05, 0.55, 0.4, 0.95) },
  { boundingBox: box(0.3, 0.4, 0.7, 0.7) },
  { boundingBox: box(0, 0, 1, 0.5) },
  { boundingBox: box(0.42, 0.58, 0.5, 0.66) },
  { boundingBox: box(0.67, 0.78, 1, 0.99), points: [point(0.83, 0.87)] },
  { boundingBox: box(0.05, 0.55, 0.4, 0.95), points: [point(0.2, 0.9), point(0.1, 0.6, 0)] },
  { boundingBox: box(0.3, 0.4, 0.7, 0.7), points: [point(0.35, 0.45, 0)] },
];

/** Prompts on small things in a large photo, most of which lead to a window. */
const ON_STARS: Prompt[] = STARS.flatMap(({ x, y, radius, boundingBox }): Prompt[] => {
  const at = (dx: number, dy: number, label: 0 | 1 = 1) =>
    point((x + dx * radius) / LARGE.width, (y + dy * radius) / LARGE.height, label);
  return [
    { boundingBox },
    { boundingBox, points: [at(0, 0)] },
    { points: [at(0, 0)] },
    { points: [at(0.1, 0.1), at(0.9, 0.9, 0)] },
    { points: [at(0, 0), at(0.2, 0.1), at(-0.9, 0.9, 0)] },
  ];
});

/** Overlap of what two segments cover, seen as closely as their extent allows. */
function iouOf(one: Polygon[], other: Polygon[]): number {
  const side = 600;
  const vertices = [...one, ...other].flatMap((polygon) => polygon.vertices);
  const [left, top] = [Math.min(...vertices.map(({ x }) => x)), Math.min(...vertices.map(({ y }) => y))];
  const width = Math.max(...vertices.map(({ x }) => x)) - left;
  const height = Math.max(...vertices.map(({ y }) => y)) - top;
  const draw = (polygons: Polygon[]) => {
    const parts = polygons.map((polygon) => ({
      outer: polygon.vertices.map(({ x, y }) => pixelPoint(((x - left) / width) * side, ((y - top) / height) * side)),
      holes: [],
    }));
    return rasterise(parts, side, side, 'even-odd');
  };
  return maskIou(draw(one), draw(other));
}

const verticesOf = ({ polygons }: Segment) => polygons.reduce((count, { vertices }) => count + vertices.length, 0);

/** How the answer of this browser differs from that of a job; empty if it does not. */
function differences(found: Segment[], expected: Segment[]): string[] {
  if (found.length !== expected.length) return [`${found.length} segments instead of ${expected.length}`];
  return found.flatMap((segment, index) => {
    const other = expected[index]!;
    const iou = iouOf(segment.polygons, other.polygons);
    const vertices = Math.abs(verticesOf(segment) - verticesOf(other));
    const score = Math.abs(segment.score - other.score);
    return iou >= 0.995 && vertices <= 2 && score < 0.001
      ? []
      : [`segment ${index}: IoU ${iou}, ${vertices} vertices, score off by ${score}`];
  });
}

async function compare(page: Page, fileId: number, prompts: Prompt[]): Promise<void> {
  const wrong: string[] = [];
  for (const prompt of prompts) {
    const { segments } = await preview(page, fileId, prompt);
    const job = await server.settled(await server.post(fileId, prompt));
    wrong.push(...differences(segments, job.items[0]!.segments).map((line) => `${JSON.stringify(prompt)}: ${line}`));
  }
  expect(wrong).toEqual([]);
}

describe('a decoder in the browser', () => {
  it('answers what a job answers, in as many threads as there are', async () => {
    const { page, asked } = await openPage();
    expect(await page.evaluate(() => [crossOriginIsolated, decoder.state])).toEqual([true, 'idle']);
    await compare(page, boats, ON_BOATS);
    await compare(page, stars, ON_STARS);
    expect(ON_BOATS.length + ON_STARS.length).toBeGreaterThanOrEqual(40);
    expect(await page.evaluate(() => decoder.state)).toBe('ready');
    const embeddings = asked.filter((url) => url.includes('/embedding'));
    expect(new Set(embeddings).size, 'each photo and window is fetched once').toBe(embeddings.length);
    expect(embeddings.filter((url) => url.includes('window=')).length).toBeGreaterThanOrEqual(STARS.length);
    expect(asked.filter((url) => url.includes('/decoders/'))).toHaveLength(1);
  });

  it('has the rings of a preview of the server', async () => {
    const { page } = await openPage();
    const prompt = { boundingBox: box(0.05, 0.55, 0.4, 0.95) };
    const here = await preview(page, boats, prompt);
    const there = await server.call<{ segments: PreviewedSegment[] }>('POST', '/kontur/preview?rings=true', {
      fileId: boats,
      ...prompt,
    });
    const shape = (segments: PreviewedSegment[]) => segments.map(({ rings }) => rings?.map(({ length }) => length));
    expect(shape(here.segments)).toEqual(shape(there.body.segments));
    expect(here).toMatchObject({ imageWidth: 1024, imageHeight: 819 });
  });

  it('answers the same in one thread, where the page is not isolated', async () => {
    const { page } = await openPage({ isIsolated: false });
    expect(await page.evaluate(() => [crossOriginIsolated, typeof SharedArrayBuffer])).toEqual([false, 'undefined']);
    await compare(page, boats, ON_BOATS.slice(6, 16));
  });

  it('gives the newest prompt way, and answers none that was given up', async () => {
    const { page } = await openPage();
    await page.evaluate((fileId) => decoder.open(fileId), boats);
    const outcomes = await page.evaluate(async (fileId) => {
      const ask = (x: number, signal?: AbortSignal) =>
        decoder.segment(fileId, { points: [{ x, y: 0.5, label: 1 }] }, signal).then(
          ({ segments }) => (segments.length > 0 ? 'answered' : 'nothing'),
          (error: Error) => error.name,
        );
      const abort = new AbortController();
      const race = [ask(0.1), ask(0.2), ask(0.3), ask(0.4, abort.signal), ask(0.5)];
      const settled = await Promise.all(race);
      const ended = ask(0.6, abort.signal);
      abort.abort();
      return [...settled, await ended, await ask(0.7)];
    }, boats);
    expect(outcomes).toEqual([
      'answered',
      ...['AbortError', 'AbortError', 'AbortError'],
      'answered',
      'AbortError',
      'answered',
    ]);
  });

  it('ends a prompt of many runs where it is given up, and goes on with the next', async () => {
    const { page } = await openPage();
    const outcomes = await page.evaluate(
      async ({ fileId, points }) => {
        await decoder.open(fileId);
        const abort = new AbortController();
        const long = decoder.segment(fileId, { points }, abort.signal).catch((error: Error) => error.message);
        const next = decoder.segment(fileId, { points: points.slice(0, 1) });
        setTimeout(() => abort.abort(new Error('gone on')), 50);
        return [await long, (await next).segments.length > 0];
      },
      { fileId: boats, points: Array.from({ length: 20 }, (_, i) => point(0.1 + 0.04 * i, 0.5)) },
    );
    expect(outcomes).toEqual(['gone on', true]);
  });

  it('is there again after it was closed, and neither embedding nor decoder is sent again', async () => {
    const { page, answered } = await openPage();
    await preview(page, boats, ON_BOATS[0]!);
    await page.evaluate(() => decoder.close());
    expect(await page.evaluate(() => decoder.state)).toBe('idle');
    await page.waitForFunction(async () => (await (await caches.open('kontur-decoders')).keys()).length > 0);
    expect((await preview(page, boats, ON_BOATS[0]!)).segments.length).toBeGreaterThan(0);
    const statuses = answered.filter((line) => line.endsWith('/embedding')).map((line) => line.slice(0, 3));
    expect(statuses).toEqual(['200', '304']);
    expect(answered.filter((line) => line.includes('/decoders/'))).toHaveLength(1);
  });

  describe('leaves prompts to the server', () => {
    const failure = (page: Page) =>
      page.evaluate(async () => {
        await decoder.load().catch(() => {});
        return [decoder.state, decoder.failure?.reason];
      });
    const isCurrent = (url: string) => url.endsWith('/models/current');
    const changed = (change: (model: CurrentModel) => void) => (url: string, body: Buffer) => {
      if (!isCurrent(url)) return body;
      const model = JSON.parse(body.toString()) as CurrentModel;
      change(model);
      return Buffer.from(JSON.stringify(model));
    };

    it('without WebAssembly', async () => {
      const { page, asked } = await openPage({}, { before: 'delete globalThis.WebAssembly' });
      expect(await failure(page)).toEqual(['unavailable', 'no-webassembly']);
      expect(asked.filter((url) => url.startsWith('/api'))).toEqual([]);
    });

    it.each<[string, (model: CurrentModel) => void]>([
      ['other-rules', ({ rules }) => Object.assign(rules, { version: '0123456789abcdef' })],
      ['other-model', ({ decoder }) => Object.assign(decoder, { flavour: 'sam2' })],
      ['other-model', ({ decoder }) => Reflect.deleteProperty(decoder, 'url')],
      ['not-loaded', ({ decoder }) => Object.assign(decoder, { sha256: '0'.repeat(64) })],
      ['not-loaded', ({ decoder }) => Object.assign(decoder, { url: '/studio/decoders/none.onnx' })],
    ])('where the server has what this page does not know: %s', async (reason, change) => {
      const { page } = await openPage({ change: changed(change) });
      expect(await failure(page)).toEqual(['unavailable', reason]);
    });

    it('where the decoder is damaged on its way, unless it comes whole past the cache', async () => {
      let damaged = 1;
      const damage = (url: string, body: Buffer) => {
        if (!url.includes('/decoders/') || damaged-- <= 0) return body;
        return Buffer.concat([body.subarray(0, -1), Buffer.of(0x55)]);
      };
      const { page: mended } = await openPage({ change: damage });
      expect(await failure(mended)).toEqual(['ready', undefined]);
      damaged = 2;
      const { page } = await openPage({ change: damage });
      expect(await failure(page)).toEqual(['unavailable', 'not-loaded']);
      expect(await failure(page), 'at the next try').toEqual(['ready', undefined]);
    });

    it('where its worker is blocked', async () => {
      const blocked = 'globalThis.Worker = class { constructor() { throw new Error("blocked"); } }';
      const { page } = await openPage({}, { before: blocked });
      expect(await failure(page)).toEqual(['unavailable', 'broken']);
    });
  });
});
