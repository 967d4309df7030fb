import { describe, expect, it } from 'vitest';
import { maskIou } from '#geometry/mask-iou';
import { polygonArea } from '#geometry/mask-polygon';
import { rasterise } from '#geometry/rasterise';
import { pixelPoint } from '#geometry/spaces';
import { toCoco } from '#outputs/coco';
import { compressRunLengths } from '#outputs/run-lengths';
import { SHAPES, SHAPES_IMAGE } from './output-shapes.ts';

const { imageWidth: width, imageHeight: height } = SHAPES_IMAGE;
const image = { ...SHAPES_IMAGE, id: 42, fileName: 'pump.jpg' };
const segment = { index: 1, score: 0.75, parts: SHAPES };
const truth = rasterise(SHAPES, width, height);
const pixels = truth.reduce((sum, value) => sum + value, 0);

const giveWay = async () => {};

/** Decodes as a reader of COCO does: column by column. */
function readCounts(counts: number[]): Uint8Array {
  const mask = new Uint8Array(width * height);
  let position = 0;
  counts.forEach((count, run) => {
    for (const end = position + count; position < end; position++) {
      mask[(position % height) * width + Math.floor(position / height)] = run % 2;
    }
  });
  return mask;
}

describe('toCoco', () => {
  it('describes the image and the object as COCO does', async () => {
    const document = await toCoco(image, [segment], 'polygons', giveWay);
    expect(document.images).toEqual([{ id: 42, file_name: 'pump.jpg', width, height }]);
    const [category] = document.categories;
    expect(document.annotations).toMatchObject([
      { id: 2, image_id: 42, category_id: category!.id, iscrowd: 0, bbox: [8.6, 5.25, 102.1, 75.65], score: 0.75 },
    ]);
  });

  it('writes a polygon for each part, which by even-odd filling keeps the holes', async () => {
    const { segmentation, area } = (await toCoco(image, [segment], 'polygons', giveWay)).annotations[0]!;
    const polygons = (segmentation as number[][]).map((numbers) => ({
      outer: Array.from({ length: numbers.length / 2 }, (_, i) => pixelPoint(numbers[2 * i]!, numbers[2 * i + 1]!)),
      holes: [],
    }));
    expect(polygons).toHaveLength(2);
    expect(maskIou(rasterise(polygons, width, height), truth)).toBeGreaterThan(0.999);
    expect(area).toBeCloseTo(polygonArea(SHAPES[0]!) + polygonArea(SHAPES[1]!), 2);
  });

  it('writes the very pixels of the mask as run lengths, plain and compressed', async () => {
    const [plain] = (await toCoco(image, [segment], 'uncompressed-rle', giveWay)).annotations;
    const { size, counts } = plain!.segmentation as { size: number[]; counts: number[] };
    expect(size).toEqual([height, width]);
    expect(readCounts(counts)).toEqual(truth);
    expect(plain!.area).toBe(pixels);
    const [compressed] = (await toCoco(image, [segment], 'rle', giveWay)).annotations;
    expect(compressed!.segmentation).toEqual({ size, counts: compressRunLengths(counts) });
  });

  it('has a category for each label, `object` for what has none, and those of other photos first', async () => {
    const named = ['pump', undefined, 'valve', 'pump'].map((label, index) => ({ ...segment, index, label }));
    const own = await toCoco(image, named, 'polygons', giveWay);
    expect(own.categories.map(({ id, name }) => [id, name])).toEqual([
      [1, 'pump'],
      [2, 'object'],
      [3, 'valve'],
    ]);
    expect(own.annotations.map(({ category_id }) => category_id)).toEqual([1, 2, 3, 1]);
    const among = await toCoco({ ...image, labels: ['tank', 'valve'] }, named, 'polygons', giveWay);
    expect(among.categories.map(({ name }) => name)).toEqual(['tank', 'valve', 'pump', 'object']);
    expect(among.annotations.map(({ category_id }) => category_id)).toEqual([3, 4, 2, 3]);
    expect((await toCoco(image, [segment], 'rle', giveWay)).categories).toMatchObject([{ id: 1, name: 'object' }]);
  });

  it('writes a document without annotations where nothing was found', async () => {
    expect((await toCoco(image, [], 'rle', giveWay)).annotations).toEqual([]);
  });
});
