import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { maskIou } from '#geometry/mask-iou';
import { rasterise } from '#geometry/rasterise';
import { pixelPoint } from '#geometry/spaces';
import { cocoSet } from '#outputs/sets/write-coco';
import { csvSet } from '#outputs/sets/write-csv';
import { labelmeSet } from '#outputs/sets/write-labelme';
import { yoloSet } from '#outputs/sets/write-yolo';
import { SHAPES, SHAPES_IMAGE } from '../output-shapes.ts';
import { annotationOf, photoOf, RINGS, writeSet } from './set-of-shapes.ts';

const { imageWidth: width, imageHeight: height } = SHAPES_IMAGE;
const truth = rasterise(SHAPES, width, height);
const box = { is: 'box', xMin: 0.25, yMin: 0.1, xMax: 0.5, yMax: 0.9 } as const;
const line = {
  is: 'line',
  vertices: [
    { x: 0, y: 0 },
    { x: 0.5, y: 1 },
  ],
} as const;

/** The mask that a reader fills from polygons given as lists of x and y in pixels. */
const fill = (polygons: number[][]) =>
  rasterise(
    polygons.map((numbers) => ({
      outer: Array.from({ length: numbers.length / 2 }, (_, i) => pixelPoint(numbers[2 * i]!, numbers[2 * i + 1]!)),
      holes: [],
    })),
    width,
    height,
  );

const two = [
  {
    photo: photoOf(),
    annotation: annotationOf({ score: 0.75, attributes: { leaks: { type: 'boolean', value: true } } }),
  },
  { photo: photoOf(), annotation: annotationOf({ id: 8_002, label: 'valve', shape: box, status: 'suggested' }) },
  { photo: photoOf({ id: 43, name: 'PLANT.png' }), annotation: annotationOf({ id: 8_003, byHand: true }) },
];

describe('COCO', () => {
  const read = async (...set: Parameters<typeof writeSet> extends [unknown, ...infer Rest] ? Rest : never) =>
    JSON.parse((await writeSet(cocoSet, ...set)).get('annotations.json') ?? '');

  it('has the ids of files and annotations, and categories by label', async () => {
    const { images, annotations, categories, left_out } = await read(two);
    expect(images).toEqual([
      { id: 42, file_name: 'plant.jpg', width, height },
      // File systems take these two names for one, and tools name files after the stem.
      { id: 43, file_name: 'PLANT-43.png', width, height, kontur: { name: 'PLANT.png' } },
    ]);
    expect(categories.map(({ id, name }: { id: number; name: string }) => [id, name])).toEqual([
      [1, 'pump'],
      [2, 'valve'],
    ]);
    const facts = annotations.map(({ id, image_id, category_id, score }: Record<string, number>) => [
      id,
      image_id,
      category_id,
      score,
    ]);
    expect(facts).toEqual([
      [8001, 42, 1, 0.75],
      [8002, 42, 2, undefined],
      [8003, 43, 1, undefined],
    ]);
    expect(annotations[0].attributes).toEqual({ leaks: true });
    expect(left_out).toEqual({ count: 0, annotations: [] });
  });

  it('keeps every part and hole: in polygons, in run lengths, and exactly in its rings', async () => {
    const { annotations } = await read(two);
    expect(annotations[0].segmentation).toHaveLength(2);
    expect(maskIou(fill(annotations[0].segmentation), truth)).toBeGreaterThan(0.999);
    expect(annotations[0].bbox).toEqual([8.6, 5.25, 102.1, 75.65]);
    const numbers = RINGS.map((rings) => rings.map((ring) => ring.flatMap(({ x, y }) => [x, y])));
    expect(annotations[0].kontur).toEqual({ status: 'approved', byHand: false, creatingApp: 'tests', rings: numbers });
    expect(annotations[1]).toMatchObject({
      segmentation: [[30, 9, 60, 9, 60, 81, 30, 81]],
      area: 2160,
      bbox: [30, 9, 30, 72],
      kontur: { status: 'suggested', box: true },
    });

    const { annotations: inRuns } = await read(two, { encoding: 'rle' });
    expect(inRuns[0].segmentation.size).toEqual([height, width]);
    expect(inRuns[0].area).toBe(truth.reduce((sum, value) => sum + value, 0));
  });

  it('leaves out what it cannot hold, and names it', async () => {
    const unknown = { unknown: 'the photo cannot be read' };
    const { images, annotations, left_out } = await read([
      { photo: photoOf(), annotation: annotationOf({ id: 1, shape: line }) },
      { photo: photoOf({ id: 44, size: unknown }), annotation: annotationOf({ id: 2 }) },
    ]);
    expect([images.length, annotations.length]).toEqual([1, 0]);
    expect(left_out.annotations).toMatchObject([
      { id: 1, image_id: 42, reason: 'it has neither an outline nor a box' },
      { id: 2, image_id: 44, reason: 'the photo cannot be read' },
    ]);
  });

  it('has photos after the document, under the names that it says', async () => {
    const files = await writeSet(cocoSet, two, { withPhotos: true });
    expect([...files.keys()]).toEqual(['annotations.json', 'images/plant.jpg', 'images/PLANT-43.png']);
    expect(files.get('images/PLANT-43.png')).toBe('photo 43');
  });

  it('is a document without annotations too', async () => {
    expect(await read([])).toMatchObject({ images: [], annotations: [], categories: [] });
  });
});

describe('YOLO', () => {
  it('has a file of lines for each photo, and a list of classes that YAML reads', async () => {
    const label = 'a: "b"\n\u0085 #c';
    const odd = { photo: photoOf({ id: 50, name: '../e\u0000vil.jpg' }), annotation: annotationOf({ label }) };
    const files = await writeSet(yoloSet, [...two, odd], { withPhotos: true });
    expect([...files.keys()].sort()).toEqual([
      'data.yaml',
      'images/PLANT-43.png',
      'images/_e_vil.jpg',
      'images/plant.jpg',
      'labels/PLANT-43.txt',
      'labels/_e_vil.txt',
      'labels/plant.txt',
    ]);
    expect(parse(files.get('data.yaml')!)).toEqual({
      train: 'images',
      val: 'images',
      names: { 0: label, 1: 'pump', 2: 'valve' },
    });
    const lines = files.get('labels/plant.txt')!.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    const [pump, valve] = lines.map((text) => text.split(' ').map(Number));
    expect([pump![0], ...valve!]).toEqual([1, 2, 0.25, 0.1, 0.5, 0.1, 0.5, 0.9, 0.25, 0.9]);
    const pixels = pump!.slice(1).map((value, index) => value * (index % 2 === 0 ? width : height));
    expect(maskIou(fill([pixels]), truth)).toBeGreaterThan(0.999);
  });

  it('names what has no area in a file', async () => {
    const files = await writeSet(yoloSet, [{ photo: photoOf(), annotation: annotationOf({ id: 1, shape: line }) }]);
    expect(files.get('left-out.txt')).toBe(
      '1 annotation is not in this set:\nannotation 1 of "plant.jpg" (file 42): it has neither an outline nor a box\n',
    );
    expect(files.get('labels/plant.txt')).toBe('');
  });
});

describe('LabelMe', () => {
  it('has a file for each photo: polygons by group, rectangles, line strips', async () => {
    const files = await writeSet(labelmeSet, [
      ...two.slice(0, 2),
      { photo: photoOf(), annotation: annotationOf({ id: 8_004, shape: line }) },
      two[2]!,
    ]);
    expect([...files.keys()]).toEqual(['plant.json', 'PLANT-43.json']);
    const file = JSON.parse(files.get('plant.json')!);
    expect(file).toMatchObject({ imagePath: 'plant.jpg', imageData: null, imageWidth: width, imageHeight: height });
    const facts = file.shapes.map(({ label, shape_type, group_id }: Record<string, unknown>) => [
      label,
      shape_type,
      group_id,
    ]);
    expect(facts).toEqual([
      ['pump', 'polygon', 1],
      ['pump', 'polygon', 1],
      ['valve', 'rectangle', null],
      ['pump', 'linestrip', null],
    ]);
    expect(maskIou(fill([file.shapes[0].points.flat(), file.shapes[1].points.flat()]), truth)).toBeGreaterThan(0.999);
    expect(file.shapes[2].points).toEqual([
      [30, 9],
      [60, 81],
    ]);
    expect(file.shapes[0].kontur).toMatchObject({ id: 8001, status: 'approved', score: 0.75 });
  });
});

describe('CSV', () => {
  it('has a line for each annotation, whatever its type and its texts', async () => {
    const name = 'a "quoted", name.jpg';
    const files = await writeSet(csvSet, [
      two[0]!,
      { photo: photoOf({ name }), annotation: annotationOf({ id: 5, label: '=cmd()', shape: { is: 'other' } }) },
    ]);
    const [heading, first, second, ...rest] = files.get('annotations.csv')!.split('\r\n');
    expect(rest).toEqual(['']);
    expect(heading!.split(',').slice(0, 8)).toEqual(
      'annotationId fileId fileExternalId fileName annotationType label status score'.split(' '),
    );
    expect(first).toMatch(/^8001,42,,plant\.jpg,images\.ObjectDetection,pump,approved,0\.75,0\.07/);
    expect(first).toContain('"MULTIPOLYGON (((');
    expect(first!.match(/\(\(/g)).toHaveLength(2);
    expect(first).toContain('2026-01-02T03:04:05.000Z');
    expect(second).toMatch(/^5,42,,"a ""quoted"", name\.jpg",images\.ObjectDetection,'=cmd\(\),approved,,,,,,,,false,/);
  });
});

it.each([cocoSet, yoloSet, labelmeSet, csvSet])(
  '$name asks for one annotation after the other, so that memory does not grow with the set',
  async (format) => {
    let asked = 0;
    let written = 0;
    const entries = (async function* () {
      for (; asked < 50; asked++) yield { photo: photoOf(), annotation: annotationOf({ id: asked + 1 }) };
    })();
    const source = { labels: ['pump'], entries, withPhotos: false, giveWay: async () => {} };
    for await (const file of format.write(source, { encoding: 'polygons' })) {
      if ('photo' in file) continue;
      for await (const _ of file.text) expect(asked - ++written).toBeLessThan(3);
    }
    expect(asked).toBe(50);
  },
);
