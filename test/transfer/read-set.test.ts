import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeZip } from 'client-zip';
import { afterAll, describe, expect, it } from 'vitest';
import { maskIou } from '#geometry/mask-iou';
import { polygonArea } from '#geometry/mask-polygon';
import { rasterise } from '#geometry/rasterise';
import type { SetShape } from '#outputs/sets/set-format';
import { SET_FORMATS } from '#outputs/sets/set-formats';
import { toParts } from '#outputs/sets/to-parts';
import { cocoSet } from '#outputs/sets/write-coco';
import type { Reading } from '../../src/transfer/read-annotation.ts';
import { type ReadFormat, readSet } from '../../src/transfer/read-set.ts';
import { openSet } from '../../src/transfer/set-content.ts';
import { SHAPES, SHAPES_IMAGE } from '../outputs/output-shapes.ts';
import { annotationOf, photoOf, RINGS, writeSet } from '../outputs/sets/set-of-shapes.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kontur-sets-'));
afterAll(() => rmSync(folder, { recursive: true }));
let made = 0;

/** Writes files into a new folder and returns its path; with one file, that of the file. */
function put(files: Record<string, string | Uint8Array>): string {
  const root = path.join(folder, `${made++}`);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), content);
  }
  const names = Object.keys(files);
  return names.length === 1 ? path.join(root, names[0]!) : root;
}

async function zipOf(files: Iterable<[string, string]>): Promise<string> {
  const zip = makeZip([...files].map(([name, input]) => ({ name, input, lastModified: new Date(0) })));
  return put({ 'set.zip': new Uint8Array(await new Response(zip).arrayBuffer()) });
}

async function read(file: string, format?: ReadFormat): Promise<Reading[]> {
  const content = await openSet(file);
  try {
    const all: Reading[] = [];
    for await (const reading of readSet(content, format)) all.push(reading);
    return all;
  } finally {
    await content.close();
  }
}

const readCoco = (document: unknown) => read(put({ 'coco.json': JSON.stringify(document) }));
const annotations = (readings: Reading[]) =>
  readings.map((reading) => {
    if ('problem' in reading) throw new Error(`${reading.where}: ${reading.problem}`);
    return reading.annotation;
  });
const problems = (readings: Reading[]) =>
  readings.flatMap((reading) => ('problem' in reading ? [`${reading.where}: ${reading.problem}`] : []));
const areaOf = (shape: SetShape) =>
  (toParts(shape, SHAPES_IMAGE) ?? []).reduce((sum, part) => sum + polygonArea(part), 0);
const maskOf = (shape: SetShape) =>
  rasterise(toParts(shape, SHAPES_IMAGE) ?? [], SHAPES_IMAGE.imageWidth, SHAPES_IMAGE.imageHeight);

const box = { is: 'box', xMin: 0.25, yMin: 0.1, xMax: 0.5, yMax: 0.9 } as const;
const entries = [
  {
    photo: photoOf({ externalId: 'plant-1' }),
    annotation: annotationOf({ score: 0.75, attributes: { leaks: { type: 'boolean', value: true } }, byHand: true }),
  },
  { photo: photoOf(), annotation: annotationOf({ id: 2, label: 'valve', shape: box, status: 'suggested' }) },
  { photo: photoOf({ id: 43, name: 'PLANT.png' }), annotation: annotationOf({ id: 3 }) },
];

describe('what Kontur writes is read back', () => {
  it.each(['polygons', 'rle'] as const)(
    'COCO with %s: exactly, with all that is beside the outline',
    async (encoding) => {
      const files = await writeSet(cocoSet, entries, { encoding });
      const [pump, valve, other] = annotations(await read(put(Object.fromEntries(files))));
      expect(pump).toEqual({
        photo: { name: 'plant.jpg', hasExtension: true, id: 42, externalId: 'plant-1' },
        label: 'pump',
        shape: { is: 'outline', rings: RINGS },
        score: 0.75,
        status: 'approved',
        attributes: { leaks: { type: 'boolean', value: true } },
        byHand: true,
      });
      expect(valve).toMatchObject({ label: 'valve', shape: box, status: 'suggested' });
      expect(other!.photo).toMatchObject({ name: 'PLANT.png', id: 43 });
    },
  );

  it.each(SET_FORMATS.filter(({ name }) => name !== 'csv'))(
    '$name, as a folder and as a zip: labels, boxes, parts and holes',
    async (format) => {
      const files = await writeSet(format, entries, { withPhotos: true });
      for (const file of [put(Object.fromEntries(files)), await zipOf(files)]) {
        const all = annotations(await read(file));
        expect(all.map(({ label }) => label).sort()).toEqual(['pump', 'pump', 'valve']);
        const valve = all.find(({ label }) => label === 'valve')!;
        expect(areaOf(valve.shape)).toBeCloseTo(areaOf(box), 2);
        for (const { shape } of all.filter(({ label }) => label === 'pump')) {
          expect(shape).toMatchObject({ is: 'outline', rings: [{ length: 3 }, { length: 1 }] });
          expect(Math.abs(areaOf(shape) / areaOf({ is: 'outline', rings: RINGS }) - 1)).toBeLessThan(1e-4);
        }
      }
    },
  );

  it('polygons that a program changed count, not the rings that it kept beside them', async () => {
    const document = JSON.parse((await writeSet(cocoSet, entries)).get('annotations.json')!);
    document.annotations[0].segmentation = [[10, 10, 50, 10, 50, 40]];
    const [pump] = annotations(await readCoco(document));
    expect(areaOf(pump!.shape)).toBeCloseTo(600, 1);
  });
});

describe('COCO of others', () => {
  const size = { width: 120, height: 90 };
  const image = { id: 1, file_name: 'photos/plant.jpg', ...size };
  const categories = [{ id: 7, name: 'pump' }];
  const annotation = { id: 1, image_id: 1, category_id: 7, segmentation: [[10, 10, 50, 10, 50, 40, 10, 40]] };
  const one = (changes: object, more: object = {}) =>
    readCoco({ images: [image], categories, annotations: [{ ...annotation, ...changes }], ...more });

  it('has its lists in any order, and run lengths, compressed or not, without the stairs of pixels', async () => {
    for (const encoding of ['rle', 'uncompressed'] as const) {
      const { toSegmentation } = await import('#outputs/coco');
      const how = encoding === 'rle' ? 'rle' : 'uncompressed-rle';
      const { segmentation } = await toSegmentation(SHAPES, SHAPES_IMAGE, how, async () => {});
      const document = { annotations: [{ ...annotation, segmentation }], categories, images: [image] };
      const [found] = annotations(await readCoco(document));
      expect(found!.shape).toMatchObject({ rings: [{ length: 3 }, { length: 1 }] });
      expect(maskIou(maskOf(found!.shape), rasterise(SHAPES, size.width, size.height))).toBeGreaterThan(0.985);
    }
  });

  it('has boxes where it has no outlines', async () => {
    const [found] = annotations(await one({ segmentation: [], bbox: [12, 9, 60, 45] }));
    expect(found!.shape).toEqual({ is: 'box', xMin: 0.1, yMin: 0.1, xMax: 0.6, yMax: 0.6 });
  });

  it.each([
    [{ segmentation: [[1, 1, 5, 5]] }, 'its polygon has 2 vertices, and an outline has 3 or more'],
    [{ segmentation: [[1, 1, 5, 5, 9]] }, 'its polygon is no list of x, y, x, y …'],
    [{ segmentation: [[1, 1, 5, 5, 3, 3]] }, 'it encloses nothing'],
    [{ segmentation: [[1, 1, 5, '5', 9, 1]] }, 'vertex 2 of its polygon is no pair of numbers'],
    [
      { segmentation: [[1, 1, 1e300, 5, 9, 1]] },
      'vertex 2 of its polygon (1e+300, 5) lies outside the photo of 120 x 90',
    ],
    [{ segmentation: 'x' }, 'its segmentation is neither polygons nor run lengths'],
    [{ segmentation: undefined }, 'it has neither a segmentation nor a bbox of four numbers'],
    [
      { segmentation: { size: [120, 90], counts: [10800] } },
      'its run lengths are of the size [120,90], and its image is 90',
    ],
    [{ segmentation: { size: [90, 120], counts: [5, 5] } }, 'its run lengths are wrong: the runs are 10 pixels long'],
    [{ segmentation: { size: [90, 120], counts: 'a~b' } }, 'its compressed run lengths cannot be read'],
    [{ segmentation: { size: [90, 120], counts: [10800] } }, 'it encloses nothing'],
    [{ image_id: 2 }, 'image_id 2 is none of the images'],
    [{ category_id: 8 }, 'category_id 8 is none of the categories'],
  ])('%j is refused with its place', async (changes, words) => {
    const [problem] = problems(await one(changes));
    expect(problem).toContain(`coco.json annotations[0] (id 1): ${words}`);
  });

  it('goes on after what is wrong: ids that come twice, labels and sizes that are none', async () => {
    const readings = await readCoco({
      images: [image, { ...image, id: 2 }, { ...image, id: 2, file_name: 'b.jpg' }, { id: 3, file_name: 'c.jpg' }, 'x'],
      categories: [...categories, { id: 8, name: 'x'.repeat(129) }, { id: 9, name: ' ' }],
      annotations: [
        annotation,
        annotation,
        { ...annotation, id: 2, image_id: 2 },
        { ...annotation, id: 3, image_id: 3 },
        { ...annotation, id: 4, category_id: 8 },
        { ...annotation, id: 5, category_id: 9 },
        null,
        { ...annotation, id: 6 },
      ],
    });
    expect(problems(readings)).toEqual([
      'coco.json images[2]: an image before it has the same id, 2; neither is used',
      'coco.json images[4]: an image has an id and a file_name',
      'coco.json annotations[1] (id 1): an annotation before it has the same id',
      'coco.json annotations[2] (id 2): several images have the id 2',
      'coco.json annotations[3] (id 3): the size of its photo is no size in pixels: [null,null]',
      'coco.json annotations[4] (id 4): its label has 129 characters, and 128 are the most',
      'coco.json annotations[5] (id 5): it has no label',
      'coco.json annotations[6]: it is no object',
    ]);
    expect(readings.filter((reading) => 'annotation' in reading)).toHaveLength(2);
  });

  it.each([
    ['{"images": [', 'coco.json cannot be read: it is not JSON'],
    ['{"images": [{]}', 'coco.json cannot be read: it is not JSON'],
    ['', 'coco.json cannot be read: it is not JSON'],
    ['[1, 2]', 'This is none of coco, yolo, labelme (coco.json)'],
    ['{"type": "FeatureCollection"}', 'This is none of coco'],
  ])('%s is refused as a whole', async (text, words) => {
    await expect(read(put({ 'coco.json': text }))).rejects.toThrow(words);
  });
});

describe('YOLO of others', () => {
  const yaml = 'names:\n  0: pump\n  3: "valve: big"\n';

  it('has names in lists and maps, boxes, scores and photos beside', async () => {
    const set = put({
      'data.yaml': yaml,
      'labels/a.txt': '3 .5 .5 .2 .4\n\n0 0 0 1 0 1 1 0.5\r\n',
      'images/a.png': '',
    });
    const [valve, pump] = annotations(await read(set));
    expect(valve).toMatchObject({ label: 'valve: big', photo: { name: 'a.png' }, shape: { is: 'box', xMin: 0.4 } });
    expect(pump).toMatchObject({ label: 'pump', score: 0.5, shape: { is: 'outline' } });
    const list = put({ 'classes.txt': 'pump\nvalve\n', 'b.txt': '1 0 0 1 0 1 1\n' });
    expect(annotations(await read(list))).toMatchObject([
      { label: 'valve', photo: { name: 'b', hasExtension: false } },
    ]);
  });

  it('names lines that are wrong, and goes on', async () => {
    const lines = [
      '9 0 0 1 0 1 1',
      '0 0 0 1 1',
      '0 0 0 1',
      '0 0 0 1 0 1 7',
      'pump 0 0 1 0',
      '0 .5 .5 0 0',
      '0 0 0 1 0 1 1',
    ];
    const readings = await read(put({ 'data.yaml': yaml, 'labels/a.txt': lines.join('\n') }));
    expect(problems(readings)).toEqual([
      'labels/a.txt:1: class 9 has no name',
      'labels/a.txt:2: -0.5 is no fraction of the photo, 0 to 1',
      'labels/a.txt:3: a class and 3 numbers are neither a box (4) nor an outline of 3 or more vertices (6, 8, …)',
      'labels/a.txt:4: 7 is no fraction of the photo, 0 to 1',
      'labels/a.txt:5: the line is no list of numbers',
      'labels/a.txt:6: its box encloses nothing',
    ]);
    expect(readings).toHaveLength(7);
  });

  it.each([
    [{ 'labels/a.txt': '0 0 0 1 0 1 1', 'notes.txt': '' }, undefined, 'This is none of coco, yolo, labelme'],
    [{ 'labels/a.txt': '0 0 0 1 0 1 1', 'notes.txt': '' }, 'yolo', 'Nothing names the classes'],
    [{ 'labels/a.txt': '', 'data.yaml': 'a: [' }, undefined, 'data.yaml is no YAML'],
    [{ 'labels/a.txt': '', 'data.yaml': 'nc: 3' }, undefined, 'data.yaml names no classes'],
  ] as const)('%j is refused as a whole', async (files, format, words) => {
    await expect(read(put(files), format)).rejects.toThrow(words);
  });
});

describe('LabelMe of others', () => {
  const shape = (values: object) => ({ label: 'pump', shape_type: 'polygon', group_id: null, ...values });
  const file = (shapes: object[], more = {}) =>
    JSON.stringify({ shapes, imagePath: '..\\photos\\a.jpg', imageWidth: 120, imageHeight: 90, ...more });

  it('has polygons, groups, rectangles, circles and lines', async () => {
    const square = [
      [10, 10],
      [30, 10],
      [30, 30],
      [10, 30],
    ];
    const shapes = [
      shape({ points: square, group_id: 4 }),
      shape({ points: square.map(([x, y]) => [x! + 40, y]), group_id: 4 }),
      shape({
        points: [
          [60, 45],
          [0, 0],
        ],
        shape_type: 'rectangle',
      }),
      shape({
        points: [
          [60, 45],
          [60, 55],
        ],
        shape_type: 'circle',
      }),
      shape({
        points: [
          [0, 0],
          [60, 45],
          [120, 0],
        ],
        shape_type: 'linestrip',
      }),
    ];
    const all = annotations(await read(put({ 'a.json': file(shapes) })));
    expect(all.map(({ photo }) => photo.name)).toEqual(Array(4).fill('../photos/a.jpg'));
    expect(all.map(({ shape: { is } }) => is)).toEqual(['outline', 'box', 'outline', 'line']);
    expect(areaOf(all[0]!.shape)).toBeCloseTo(800, 1);
    expect(areaOf(all[2]!.shape)).toBeGreaterThan(310);
  });

  it('names files and shapes that are wrong, and goes on', async () => {
    const points = [
      [0, 0],
      [1, 1],
    ];
    const set = put({
      'a.json': file([shape({ points }), shape({ points, shape_type: 'point' }), shape({ points: 'x' }), 7 as never]),
      'b.json': '{',
      'c.json': file([], { shapes: null }),
      'd.json': file([shape({ points: [...points, [9, 0]] })], { imageWidth: 0 }),
      'e.json': file([shape({ points: [...points, [9, 0]] })]),
    });
    const readings = await read(set, 'labelme');
    expect(problems(readings)).toMatchObject([
      'a.json shapes[0]: its polygon has 2 vertices, and an outline has 3 or more',
      expect.stringContaining('a.json shapes[1]: a point of 2 points is not read'),
      'a.json shapes[2]: its shape has no list of points',
      'a.json shapes[3]: it is no object',
      expect.stringContaining('b.json: it cannot be read'),
      'c.json: it is no LabelMe file: it has no shapes',
      'd.json shapes[0]: the size of its photo is no size in pixels: [0,90]',
    ]);
    expect(readings.filter((reading) => 'annotation' in reading)).toHaveLength(1);
  });
});

it.each([
  ['there is nothing', path.join(folder, 'nothing'), 'There is no '],
  ['a damaged zip', put({ 'bad.zip': 'PK no zip' }), 'is not a zip that can be read'],
])('%s is said', async (_, file, words) => {
  await expect(openSet(file)).rejects.toThrow(words);
});
