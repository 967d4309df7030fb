import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { check } from '@placemarkio/check-geojson';
import type { Download } from 'playwright-core';
import { PNG } from 'pngjs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OUTPUT_FORMATS } from '#outputs/output-formats';
import { findCommand } from '../../../testing/find-command.ts';
import { PHOTO } from '../../../testing/server-process.ts';
import { openStudio, type Studio } from '../../../testing/studio/open-studio.ts';

const WIDTH = 1024;
const HEIGHT = 819;
const BOAT = { x: 0.56, y: 0.62 };
const HOUSE = { x: 0.89, y: 0.6 };

let studio: Studio;
let fileId: number;
const folder = mkdtempSync(path.join(tmpdir(), 'kontur-taken-'));

beforeAll(async () => {
  studio = await openStudio();
  await studio.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  fileId = await studio.upload('boats.jpg', PHOTO, 'image/jpeg');
  await studio.openPhoto(fileId);
  await studio.clickAt(BOAT);
  await studio.statusBecomes(/^Segment, score/);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await studio?.close();
});

/** What a job says that was posted with the same click. */
async function job(point = BOAT) {
  const code = await copiedCode('curl');
  const [, text = ''] = /--data '([^']*)'/.exec(code) ?? [];
  const { points } = JSON.parse(text) as { points: { x: number; y: number; label: number }[] };
  expect(points[0]!.x).toBeCloseTo(point.x, 2);
  return studio.server.settled(await studio.server.post(fileId, { points }));
}

async function copiedCode(language: string): Promise<string> {
  const { page } = studio;
  await page.getByTestId('copy-code').click();
  await page.getByTestId(`code-${language}`).click();
  await page.getByTestId('copy').click();
  await page.getByText('The code is in the clipboard').waitFor();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  return text;
}

/** Downloads an export. Leaves the dialog open. */
async function download(format: string, { separate }: { separate?: boolean } = {}): Promise<Download> {
  const { page } = studio;
  if (!(await page.getByRole('dialog').isVisible())) await page.getByTestId('export').click();
  await page.getByTestId(`export-format-${format}`).click();
  if (separate !== undefined) await page.getByTestId('export-separate').setChecked(separate);
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByTestId('export-start').click()]);
  await page.locator('[data-testid=export-state][data-state=done]').waitFor();
  return file;
}

const read = async (file: Download): Promise<Buffer> => readFile(await file.path());

/** Alpha and colours of a PNG, read by a library that no part of the studio is made of. */
const readPng = (content: Buffer) => PNG.sync.read(content);

/** Content of a job's output as the server makes it. */
async function served(jobId: number, address: string): Promise<Buffer> {
  const url = `${studio.server.url}/api/v1/projects/demo/kontur/segment/${jobId}/${address}`;
  const response = await fetch(url, { headers: { authorization: `Bearer ${studio.server.token}` } });
  return Buffer.from(await response.arrayBuffer());
}

/** Files of a zip as Python reads it, which also checks their sums. */
function readZip(content: Buffer): Map<string, Buffer> {
  const file = path.join(folder, 'export.zip');
  writeFileSync(file, content);
  const script = `import base64, json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    print(json.dumps([[name, base64.b64encode(archive.read(name)).decode()] for name in archive.namelist()]))`;
  const printed = execFileSync(findCommand('python3'), ['-c', script, file], { maxBuffer: 1 << 28 }).toString();
  const files = JSON.parse(printed) as [name: string, content: string][];
  return new Map(files.map(([name, text]) => [name, Buffer.from(text, 'base64')]));
}

const isClosed = () => studio.page.getByRole('dialog').waitFor({ state: 'hidden' });

describe('one object', () => {
  it('is copied to the clipboard as a PNG as large as itself, transparent around it', async () => {
    const { page } = studio;
    await page.getByTestId('copy-cut-out').click();
    await page.locator('[data-testid=cut-out-state]:has-text("The cut-out is in the clipboard")').waitFor();
    const bytes = await page.evaluate(async () => {
      const [item] = await navigator.clipboard.read();
      const blob = await item!.getType('image/png');
      return [...new Uint8Array(await blob.arrayBuffer())];
    });
    const copied = readPng(Buffer.from(bytes));
    const { jobId } = await job();
    const whole = readPng(await served(jobId, 'cutout.png'));
    const trimmed = await sharp(PNG.sync.write(whole)).trim({ threshold: 0 }).toBuffer({ resolveWithObject: true });
    expect([copied.width, copied.height]).toEqual([trimmed.info.width, trimmed.info.height]);
    const expected = readPng(trimmed.data);
    const difference = { alpha: 0, colour: 0, seen: 0 };
    for (let at = 0; at < copied.data.length; at += 4) {
      difference.alpha += Number(copied.data[at + 3] !== expected.data[at + 3]);
      if (copied.data[at + 3] === 0) continue;
      difference.seen++;
      difference.colour += Math.abs(copied.data[at]! - expected.data[at]!);
    }
    expect(difference.alpha).toBe(0);
    expect(difference.colour / difference.seen).toBeLessThan(2);
  });

  it.each(['curl', 'javascript', 'python', 'python-sdk'])('is copied as code in %s', async (language) => {
    const code = await copiedCode(language);
    expect(code).toContain(studio.server.url);
    expect(code).toMatch(new RegExp(`"fileId": ${fileId}\\b`));
    expect(code).toContain('/projects/demo/');
  });

  it('is downloaded in every format by its own name, and says the same as the server', async () => {
    const { jobId, items } = await job();
    const { polygons } = items[0]!.segments[0]!;
    const names: string[] = [];
    for (const { name, extension } of OUTPUT_FORMATS) {
      const file = await download(name);
      names.push(file.suggestedFilename());
      const content = await read(file);
      const text = content.toString();
      if (name === 'json') {
        expect(JSON.parse(text)).toMatchObject({ imageWidth: WIDTH, imageHeight: HEIGHT, segments: [{ polygons }] });
      } else if (name === 'mask') {
        expect(readPng(content)).toMatchObject({ width: WIDTH, height: HEIGHT, depth: 8, color: false });
        const [own, theirs] = [readPng(content), readPng(await served(jobId, 'mask.png'))];
        expect(Buffer.compare(own.data, theirs.data)).toBe(0);
      } else if (name === 'cutout') {
        const [own, theirs] = [readPng(content), readPng(await served(jobId, 'cutout.png'))];
        expect([own.width, own.height]).toEqual([WIDTH, HEIGHT]);
        const alpha = (png: PNG) => png.data.filter((_, at) => at % 4 === 3);
        expect(Buffer.compare(alpha(own), alpha(theirs))).toBe(0);
      } else if (name === 'drawing') {
        const [own, theirs] = await Promise.all(
          [content, await served(jobId, 'drawing.png')].map((png) => sharp(png).removeAlpha().stats()),
        );
        expect(await sharp(content).metadata()).toMatchObject({ width: WIDTH, height: HEIGHT, format: 'png' });
        expect(Math.abs(own!.channels[0]!.mean - theirs!.channels[0]!.mean)).toBeLessThan(8);
      } else if (name === 'coco') {
        const { images, annotations } = JSON.parse(text);
        expect(images).toMatchObject([{ file_name: 'boats.jpg', width: WIDTH, height: HEIGHT }]);
        const theirs = JSON.parse((await served(jobId, 'coco.json')).toString());
        expect(annotations[0].area).toBeCloseTo(theirs.annotations[0].area, 0);
      } else if (name === 'geojson') {
        expect(check(text).type).toBe('FeatureCollection');
      } else if (name === 'svg') {
        expect(await sharp(content).metadata()).toMatchObject({ width: WIDTH, height: HEIGHT, format: 'svg' });
      } else if (name === 'yolo') {
        expect(text).toMatch(/^0( (0|1|0\.\d+)){6,}\n$/);
      } else if (name === 'labelme') {
        expect(JSON.parse(text)).toMatchObject({ imagePath: 'boats.jpg', imageWidth: WIDTH, imageHeight: HEIGHT });
      } else throw new Error(`${name}.${extension} is opened by no reader here`);
    }
    const endings = OUTPUT_FORMATS.map(({ name, extension }) => (name === extension ? name : `${name}.${extension}`));
    expect(names).toEqual(endings.map((ending) => `boats.${ending}`));
    await studio.page.keyboard.press('Escape');
  });
});

describe('two objects', () => {
  beforeAll(async () => {
    const { page } = studio;
    await isClosed();
    await page.keyboard.press('f');
    await page.getByTestId('label-input').fill('junk');
    await page.keyboard.press('Enter');
    await page.getByTestId('label-input').waitFor({ state: 'detached' });
    await studio.clickAt(HOUSE);
    await page.getByTestId('object').nth(1).waitFor();
    await studio.statusBecomes(/^Segment, score/);
  });

  it('make one document that says what each is of', async () => {
    const { categories, annotations } = JSON.parse((await read(await download('coco'))).toString());
    expect(categories.map(({ name }: { name: string }) => name)).toEqual(['junk', 'object']);
    expect(annotations.map((one: { category_id: number }) => one.category_id)).toEqual([1, 2]);
    const { shapes } = JSON.parse((await read(await download('labelme'))).toString());
    expect(new Set(shapes.map(({ label }: { label: string }) => label))).toEqual(new Set(['junk', 'object']));
    expect((await read(await download('svg'))).toString()).toContain('<title>junk</title>');
    await studio.page.keyboard.press('Escape');
  });

  it('make a zip with a picture each', async () => {
    const file = await download('mask');
    const masks = readZip(await read(file));
    expect([...masks.keys()]).toEqual(['boats-junk.mask.png', 'boats-2.mask.png']);
    const [junk, house] = [...masks.values()].map((content) => readPng(content));
    const isSet = ({ data }: PNG, { x, y }: { x: number; y: number }) =>
      data[4 * (Math.floor(y * HEIGHT) * WIDTH + Math.floor(x * WIDTH))] === 255;
    expect([isSet(junk!, BOAT), isSet(junk!, HOUSE)]).toEqual([true, false]);
    expect([isSet(house!, BOAT), isSet(house!, HOUSE)]).toEqual([false, true]);
    await studio.page.keyboard.press('Escape');
    await isClosed();
  });

  it('are left alone when the export is cancelled', async () => {
    const { page } = studio;
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/files/downloadlink', async (route) => {
      await held;
      await route.continue().catch(() => {});
    });
    const downloads: Download[] = [];
    const note = (file: Download) => void downloads.push(file);
    page.on('download', note);
    await page.getByTestId('export').click();
    await page.getByTestId('export-format-cutout').click();
    await page.getByTestId('export-start').click();
    await page.getByTestId('export-cancel').click();
    await page.locator('[data-testid=export-state][data-state=idle]').waitFor({ state: 'attached' });
    release();
    await page.unroute('**/files/downloadlink');
    expect((await download('svg')).suggestedFilename()).toBe('boats.svg');
    page.off('download', note);
    expect(downloads).toHaveLength(1);
    await page.keyboard.press('Escape');
    await isClosed();
  });
});

describe('a selection of photos', () => {
  it('is exported with what this browser keeps and what was saved as jobs, streamed where a file can be chosen', async () => {
    const { page, server } = studio;
    const others = await Promise.all(
      Array.from({ length: 20 }, (_, place) => studio.upload(`boats ${place}.jpg`, PHOTO, 'image/jpeg')),
    );
    await server.settled(await server.post(others[3]!, { points: [{ ...HOUSE, label: 1 }] }));
    await page.goto(`${server.url}/studio/#/`);
    await page.reload();
    await page.getByText('boats 19.jpg').first().waitFor();
    await page.evaluate(() => {
      Object.assign(globalThis, {
        showSaveFilePicker: async ({ suggestedName }: { suggestedName: string }) =>
          (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true }),
      });
    });
    await page.keyboard.press('Control+a');
    await page.getByTestId('export').click();
    await page.getByTestId('export-format-mask').click();
    await page.getByTestId('export-start').click();
    await page.locator('[data-testid=export-state][data-state=done]').waitFor();
    const bytes = await page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      const file = await (await root.getFileHandle('photos.zip')).getFile();
      return [...new Uint8Array(await file.arrayBuffer())];
    });
    const names = [...readZip(Buffer.from(bytes)).keys()].sort();
    expect(names[0]).toBe('boats 3.mask.png');
    expect(names.length).toBeGreaterThan(1);
    const zip = await download('geojson');
    expect(zip.suggestedFilename()).toBe('photos.zip');
    const documents = readZip(await read(zip));
    expect([...documents.keys()].sort()).toEqual(['boats 3.geojson', 'boats.geojson']);
    for (const document of documents.values()) check(document.toString());
    const coco = await download('coco');
    expect(coco.suggestedFilename()).toBe('photos.coco.json');
    const { images, annotations } = JSON.parse((await read(coco)).toString());
    const fileNames = images.map(({ file_name }: { file_name: string }) => file_name).sort();
    expect(fileNames).toEqual(['boats 3.jpg', 'boats.jpg']);
    const ofImages = new Set(annotations.map((one: { image_id: number }) => one.image_id));
    expect(ofImages).toEqual(new Set(images.map(({ id }: { id: number }) => id)));
    await page.keyboard.press('Escape');
    await isClosed();
  });
});

describe('a photo of 50 megapixels', () => {
  it('is exported at its own size, and the page answers meanwhile', async () => {
    const { page } = studio;
    const [width, height] = [8660, 5774];
    const large = await sharp(PHOTO).resize(width, height, { fit: 'fill', kernel: 'nearest' }).jpeg().toBuffer();
    await studio.openPhoto(await studio.upload('large.jpg', large, 'image/jpeg'));
    await studio.clickAt(BOAT);
    await studio.statusBecomes(/^Segment, score/);
    await page.getByTestId('export').click();
    await page.evaluate(() => {
      let last = performance.now();
      const gaps = { longest: 0 };
      Object.assign(globalThis, { gaps });
      setInterval(() => {
        gaps.longest = Math.max(gaps.longest, performance.now() - last);
        last = performance.now();
      }, 20);
    });
    for (const format of ['cutout', 'mask']) {
      const picture = sharp(await read(await download(format)), { limitInputPixels: false });
      expect(await picture.metadata()).toMatchObject({ width, height, format: 'png' });
      const { channels } = await picture.stats();
      expect(channels.at(-1)).toMatchObject({ min: 0, max: 255 });
    }
    const longest = await page.evaluate(() => (globalThis as unknown as { gaps: { longest: number } }).gaps.longest);
    // Decoding or writing such a photo takes seconds; a page that did it itself would stand still as long.
    expect(longest).toBeLessThan(1500);
    await page.keyboard.press('Escape');
    await isClosed();
  });
});
