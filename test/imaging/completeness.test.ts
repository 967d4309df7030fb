import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutOut } from '../../src/imaging/cut-out.ts';
import { loadModelImage } from '../../src/imaging/load-model-image.ts';
import { makeThumbnail } from '../../src/imaging/make-thumbnail.ts';
import { photoLike } from './photo-like.ts';
import { pngChunk } from './png-file.ts';

const limits = { maxPixels: 10_000_000 };
const [WIDTH, HEIGHT] = [640, 480];
const EOI = Buffer.of(0xff, 0xd9);
const PART = { left: 10, top: 10, width: 200, height: 150 };

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kontur-test-'));
  path = join(folder, 'image');
});
afterAll(() => rm(folder, { recursive: true }));

/** Everything that is made of an image, each from the file alone. */
const READS: Record<string, () => Promise<unknown>> = {
  segmentation: () => loadModelImage(path, limits),
  window: () => loadModelImage(path, limits, { window: PART }),
  thumbnail: () => makeThumbnail(path, { width: 100 }, limits),
  'cut-out': () => cutOut(path, { parts: [], outPath: join(folder, 'cut.png') }, limits),
};

async function expectAccepted(file: Uint8Array): Promise<void> {
  await writeFile(path, file);
  for (const [name, read] of Object.entries(READS)) await expect(read(), name).resolves.not.toThrow();
}

/** Refused by every way of reading, in the same words. Returns the share that is missing, as it is said. */
async function refusal(file: Uint8Array): Promise<string> {
  await writeFile(path, file);
  const messages = new Set<string>();
  for (const [name, read] of Object.entries(READS)) {
    const error = await read().then(
      () => undefined,
      (reason) => reason,
    );
    expect(error?.code, name).toBe('image-truncated');
    messages.add(error.message);
  }
  expect([...messages]).toHaveLength(1);
  return [...messages][0]!;
}

const percent = (message: string): number => Number(/(\d+) % of its pixels/.exec(message)?.[1]);

/** Without its end marker, after that share of the data of its pixels. */
function cut(file: Buffer, share: number): Buffer {
  const start = file.lastIndexOf(Buffer.of(0xff, 0xda));
  return file.subarray(0, Math.round(start + share * (file.length - start)));
}

const jpegs: Record<string, () => Sharp> = {
  'baseline JPEG': () => photoLike(WIDTH, HEIGHT).jpeg({ quality: 90, optimiseCoding: false }),
  'JPEG with its own tables': () => photoLike(WIDTH, HEIGHT).jpeg({ quality: 80, chromaSubsampling: '4:4:4' }),
  'grey JPEG': () => photoLike(WIDTH, HEIGHT).toColourspace('b-w').jpeg({ quality: 90 }),
};

describe.each(Object.entries(jpegs))('a %s', (_, encode) => {
  it('is accepted whole, without its end marker, and with more behind it', async () => {
    const file = await encode().toBuffer();
    await expectAccepted(file);
    await expectAccepted(file.subarray(0, -2));
    await expectAccepted(Buffer.concat([file, Buffer.alloc(3000, 9)]));
  });

  it.each([0.1, 0.3, 0.5, 0.9])('that breaks off after %d of its data says how much is missing', async (share) => {
    const file = cut(await encode().toBuffer(), share);
    for (const broken of [file, Buffer.concat([file, EOI]), Buffer.concat([file, Buffer.alloc(30_000), EOI])]) {
      const missing = percent(await refusal(broken));
      expect(missing).toBeGreaterThan(100 * (1 - share) - 8);
      expect(missing).toBeLessThan(100 * (1 - share) + 8);
    }
  });

  it.each([
    ['zeros', (part: Buffer) => part.fill(0)],
    ['text', (part: Buffer) => part.fill('lorem ipsum dolor sit amet ')],
    ['0xff', (part: Buffer) => part.fill(0xff)],
  ])('with %s in the middle of its data is refused', async (_, change) => {
    const file = await encode().toBuffer();
    const start = file.length >> 1;
    change(file.subarray(start, start + 4096));
    await refusal(file);
  });

  it('that has a part of its data twice, or lacks a part, is refused', async () => {
    const file = await encode().toBuffer();
    const [from, to] = [Math.round(file.length * 0.4), Math.round(file.length * 0.45)];
    await refusal(Buffer.concat([file.subarray(0, to), file.subarray(from)]));
    await refusal(Buffer.concat([file.subarray(0, from), file.subarray(to)]));
  });
});

describe('a progressive JPEG', () => {
  const encode = () => photoLike(WIDTH, HEIGHT).jpeg({ quality: 90, progressive: true }).toBuffer();

  it('is accepted whole and without its end marker', async () => {
    const file = await encode();
    await expectAccepted(file);
    await expectAccepted(file.subarray(0, -2));
    await expectAccepted(await photoLike(WIDTH, HEIGHT).jpeg({ mozjpeg: true, chromaSubsampling: '4:4:4' }).toBuffer());
  });

  it.each([0.2, 0.5, 0.9, 0.99])('that breaks off after %d of its bytes is refused', async (share) => {
    const file = (await encode()).subarray(0, Math.round((await encode()).length * share));
    expect(await refusal(file)).toMatch(/% of its pixels are missing/);
    expect(await refusal(Buffer.concat([file, EOI]))).toMatch(/% of its pixels are missing/);
  });

  it('with zeros in the middle of its data is refused', async () => {
    const file = await encode();
    file.fill(0, file.length >> 1, (file.length >> 1) + 4096);
    await refusal(file);
  });
});

it('a header without pixels is refused, whatever it says', async () => {
  const file = await photoLike(64, 64).jpeg().toBuffer();
  const frame = file.indexOf(Buffer.of(0xff, 0xc0));
  file.writeUInt16BE(9990, frame + 5);
  file.writeUInt16BE(9990, frame + 7);
  await writeFile(path, Buffer.concat([file.subarray(0, file.lastIndexOf(Buffer.of(0xff, 0xda)) + 30), EOI]));
  const large = { maxPixels: 100_000_000 };
  const window = { left: 0, top: 0, width: 200, height: 200 };
  await expect(loadModelImage(path, large, { window })).rejects.toMatchObject({
    code: 'image-truncated',
    message: expect.stringMatching(/(over 99|100) % of its pixels are missing/),
  });
});

describe('restart markers', () => {
  /** Interlaces restart markers into a scan of as many rows: each row of units is encoded as a separate image. */
  async function withRestarts(change: (segments: Buffer[]) => void): Promise<Buffer> {
    const rows = HEIGHT / 8;
    const all = await photoLike(WIDTH, HEIGHT).toColourspace('b-w').png().toBuffer();
    const row = async (top: number) =>
      await sharp(all)
        .extract({ left: 0, top, width: WIDTH, height: 8 })
        .toColourspace('b-w')
        .jpeg({ quality: 90, optimiseCoding: false })
        .toBuffer();
    const files = await Promise.all(Array.from({ length: rows }, (_, index) => row(index * 8)));
    const first = files[0]!;
    const scan = first.lastIndexOf(Buffer.of(0xff, 0xda));
    const start = scan + 2 + first.readUInt16BE(scan + 2);
    const head = Buffer.from(first.subarray(0, scan));
    head.writeUInt16BE(HEIGHT, head.indexOf(Buffer.of(0xff, 0xc0)) + 5);
    const interval = Buffer.of(0xff, 0xdd, 0, 4, 0, WIDTH / 8);
    const segments = files.map((file) => file.subarray(start, -2));
    change(segments);
    const data = segments.flatMap((segment, index) => [segment, Buffer.of(0xff, 0xd0 + (index & 7))]).slice(0, -1);
    return Buffer.concat([head, interval, first.subarray(scan, start), ...data, EOI]);
  }

  it('with stray bytes before them, as webcams write them, cost no pixel', async () => {
    await expectAccepted(await withRestarts(() => {}));
    await expectAccepted(
      await withRestarts((segments) => {
        for (const [index, segment] of segments.entries()) {
          if (index % 3 === 0) segments[index] = Buffer.concat([segment, Buffer.alloc(1 + (index % 7), 0x2a)]);
        }
      }),
    );
  });

  it('make a part that is lost known', async () => {
    const file = await withRestarts((segments) => {
      for (let index = 20; index < 35; index++) segments[index] = Buffer.alloc(0);
    });
    expect(percent(await refusal(file))).toBe(25);
  });
});

describe.each([
  ['PNG', {}],
  ['interlaced PNG', { progressive: true }],
  ['PNG with a palette', { palette: true }],
])('a %s', (_, options) => {
  const encode = () => photoLike(WIDTH, HEIGHT).png(options).toBuffer();

  it.each([0.1, 0.5, 0.9])('that breaks off after %d of its bytes says how much is missing', async (share) => {
    const file = await encode();
    const missing = percent(await refusal(file.subarray(0, Math.round(file.length * share))));
    expect(missing).toBeGreaterThan(100 * (1 - share) - 15);
    expect(missing).toBeLessThan(100 * (1 - share) + 15);
  });

  it('with too little data in chunks that are whole says it too', async () => {
    const file = await encode();
    const at = file.indexOf('IDAT');
    const data = file.subarray(at + 4, at + 4 + (file.readUInt32BE(at - 4) >> 1));
    await refusal(Buffer.concat([file.subarray(0, at - 4), pngChunk('IDAT', data), pngChunk('IEND')]));
  });

  it('with changed bytes in its data is refused', async () => {
    const file = await encode();
    file.fill(0x55, file.length >> 1, (file.length >> 1) + 40);
    await refusal(file);
  });

  it('with the right data and a wrong checksum is accepted', async () => {
    const file = await encode();
    const at = file.indexOf('IDAT');
    const checksum = at + 4 + file.readUInt32BE(at - 4);
    file.writeUInt32BE((file.readUInt32BE(checksum) ^ 1) >>> 0, checksum);
    await expectAccepted(file);
    const { data } = await sharp(await readFile(join(folder, 'cut.png')))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(data.length).toBeGreaterThan(0);
  });

  it('with chunks that no decoder needs is accepted, valid or not', async () => {
    const file = await encode();
    const header = file.subarray(0, 33);
    const broken = pngChunk('tIME', Buffer.alloc(7, 255));
    broken[broken.length - 1]! ^= 1;
    for (const chunk of [
      pngChunk('s\x01IT', Buffer.of(8, 8, 8)),
      pngChunk('vpAg', Buffer.alloc(9)),
      broken,
      pngChunk('gAMA'),
    ]) {
      await expectAccepted(Buffer.concat([header, chunk, file.subarray(33)]));
    }
  });
});
