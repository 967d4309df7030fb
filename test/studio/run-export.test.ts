import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findFormat } from '#outputs/find-format';
import { OUTPUT_FORMATS } from '#outputs/output-formats';
import { collectLabels, isSeparate, planFiles } from '../../studio/src/take-away/plan-files.ts';
import { type PhotoWithObjects, runExport } from '../../studio/src/take-away/run-export.ts';
import { type TakenObject, toOutputSource } from '../../studio/src/take-away/taken-object.ts';
import type { FileWriter } from '../../studio/src/take-away/write-picture.ts';
import en from '../../studio/src/text/en.json';
import { findCommand } from '../../testing/find-command.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kontur-zip-'));
afterAll(() => rmSync(folder, { recursive: true }));

const photoOf = (id: number, name: string) => ({ id, name, imageWidth: 200, imageHeight: 100 });

/** A square with a square hole, whose upper left corner is at (x, y). */
function objectAt(x: number, y: number, label?: string): TakenObject {
  const square = (from: number, side: number) => [
    { x: x + from, y: y + from },
    { x: x + from + side, y: y + from },
    { x: x + from + side, y: y + from + side },
    { x: x + from, y: y + from + side },
  ];
  const outline = { score: 0.9, parts: [[square(0, 0.3), square(0.1, 0.1)]] };
  return { prompt: { points: [{ x: x + 0.05, y: y + 0.05, label: 1 }] }, outline, segment: 0, label };
}

/** Writes formats of text as the studio's worker does. */
const writer: FileWriter = {
  async write({ photo, objects, format, options, labels }) {
    const raster = { giveWay: async () => {} } as never;
    return new Blob([(await format.write(toOutputSource(photo, objects, labels), options, raster)) as string]);
  },
  cutOut: () => Promise.reject(new Error('not asked for')),
};

/** A file as browsers hand it out to write to. */
function fileTarget() {
  const pieces: Uint8Array[] = [];
  let isAborted = false;
  const sink: UnderlyingSink<Uint8Array> = {
    write(piece) {
      pieces.push(piece);
    },
    abort() {
      isAborted = true;
    },
  };
  const createWritable = async () => new WritableStream<Uint8Array>(sink);
  const target = { createWritable } as unknown as FileSystemFileHandle;
  return { target, content: () => Buffer.concat(pieces), isAborted: () => isAborted };
}

/** Files of a zip as Python reads it, which also checks their sums. */
function readZip(content: Buffer): Record<string, string> {
  const file = path.join(folder, 'export.zip');
  writeFileSync(file, content);
  const script = `import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    print(json.dumps({name: archive.read(name).decode() for name in archive.namelist()}))`;
  return JSON.parse(execFileSync(findCommand('python3'), ['-c', script, file]).toString());
}

const PHOTOS: PhotoWithObjects[] = [
  { photo: photoOf(7, 'pump.jpg'), objects: [objectAt(0, 0, 'pump'), objectAt(0.5, 0.5, 'valve')] },
  { photo: photoOf(8, 'PUMP.png'), objects: [objectAt(0.2, 0.2, 'valve'), objectAt(0.4, 0.1)] },
  { photo: photoOf(9, 'empty.jpg'), objects: [] },
];

async function exported(name: string, { separate = false, photos = PHOTOS } = {}) {
  const file = fileTarget();
  const told: unknown[] = [];
  const progress = { signal: new AbortController().signal, tell: (step: unknown) => void told.push(step) };
  const request = { ...findFormat(name), photos, separate, zipName: 'x.zip', target: file.target };
  const count = await runExport(request, writer, progress);
  return { files: readZip(file.content()), told, count };
}

describe('an export of several photos', () => {
  it('is a zip with a document for each photo that has objects, and says how far it is', async () => {
    const { files, told, count } = await exported('labelme');
    expect(Object.keys(files)).toEqual(['pump.labelme.json', 'PUMP (2).labelme.json']);
    expect(count).toBe(2);
    expect(told).toEqual([0, 1, 2].map((done) => ({ done, total: 2, of: 'files' })));
    const labels = Object.values(files).map((text) =>
      JSON.parse(text).shapes.map((one: { label: string }) => one.label),
    );
    expect(labels.map((ofPhoto) => [...new Set(ofPhoto)])).toEqual([
      ['pump', 'valve'],
      ['valve', 'object'],
    ]);
  });

  it('is one document of COCO, with all photos that have objects and every label once', async () => {
    const file = fileTarget();
    const told: unknown[] = [];
    const progress = { signal: new AbortController().signal, tell: (step: unknown) => void told.push(step) };
    const request = { ...findFormat('coco'), photos: PHOTOS, separate: false, zipName: 'x.zip', target: file.target };
    expect(await runExport(request, writer, progress)).toBe(1);
    expect(told).toEqual([0, 1, 2].map((done) => ({ done, total: 2, of: 'files' })));
    const { images, categories, annotations } = JSON.parse(file.content().toString());
    expect(images.map(({ id, file_name }: Record<string, unknown>) => [id, file_name])).toEqual([
      [7, 'pump.jpg'],
      [8, 'PUMP.png'],
    ]);
    expect(categories.map(({ id, name }: Record<string, unknown>) => [id, name])).toEqual([
      [1, 'pump'],
      [2, 'valve'],
      [3, 'object'],
    ]);
    const facts = annotations.map((one: Record<string, unknown>) => [one.id, one.image_id, one.category_id]);
    expect(facts).toEqual([
      [1, 7, 1],
      [2, 7, 2],
      [3, 8, 2],
      [4, 8, 3],
    ]);
    const { files } = await exported('coco', { separate: true });
    expect(Object.keys(files)).toHaveLength(4);
  });

  it('lists the classes of YOLO, numbered alike in all files', async () => {
    const { files } = await exported('yolo');
    expect(files['classes.txt']).toBe('pump\nvalve\nobject\n');
    expect(files['pump.yolo.txt']).toMatch(/^0 .*\n1 .*\n$/);
    expect(files['PUMP (2).yolo.txt']).toMatch(/^1 .*\n2 .*\n$/);
  });

  it('has a file for each object where asked, named by label or number', async () => {
    const { files } = await exported('geojson', { separate: true });
    const names = ['pump-pump.geojson', 'pump-valve.geojson', 'PUMP-valve (2).geojson', 'PUMP-2.geojson'];
    expect(Object.keys(files)).toEqual(names);
    const labels = Object.values(files).map((text) => JSON.parse(text).features[0].properties.label);
    expect(labels).toEqual(['pump', 'valve', 'valve', undefined]);
  });

  it('keeps holes, and the prompt of each object', async () => {
    const { files } = await exported('json', { photos: PHOTOS.slice(0, 1) });
    const { segments, ...document } = JSON.parse(files['pump.json']!);
    expect(document).toEqual({ imageWidth: 200, imageHeight: 100 });
    expect(segments).toMatchObject([
      { label: 'pump', prompt: { points: [{ x: 0.05, y: 0.05, label: 1 }] } },
      { label: 'valve', prompt: { points: [{ x: 0.55, y: 0.55, label: 1 }] } },
    ]);
    const { files: shapes } = await exported('geojson', { photos: PHOTOS.slice(0, 1) });
    expect(JSON.parse(shapes['pump.geojson']!).features[0].geometry.coordinates).toHaveLength(2);
  });

  it('is nothing without objects', async () => {
    const file = fileTarget();
    const progress = { signal: new AbortController().signal, tell: () => {} };
    const request = { ...findFormat('svg'), photos: PHOTOS.slice(2), separate: false, zipName: 'x.zip' };
    expect(await runExport({ ...request, target: file.target }, writer, progress)).toBe(0);
    expect(file.content()).toHaveLength(0);
  });

  it('leaves nothing when it is cancelled in the middle', async () => {
    const abort = new AbortController();
    const file = fileTarget();
    let written = 0;
    const slow: FileWriter = {
      ...writer,
      async write(request, signal) {
        if (++written === 2) abort.abort();
        return writer.write(request, signal);
      },
    };
    const request = { ...findFormat('json'), photos: PHOTOS, separate: true, zipName: 'x.zip', target: file.target };
    await expect(runExport(request, slow, { signal: abort.signal, tell: () => {} })).rejects.toThrow(/abort/i);
    expect(file.isAborted()).toBe(true);
    expect(written).toBe(2);
  });
});

describe('names of files', () => {
  it.each(['../../etc/passwd', 'a/b\\c:d*e?f"g<h>i|j.png', '.hidden.jpg', '\u202egpj.exe', '', '   ', 'x'.repeat(500)])(
    'stay in their folder and are taken by every file system: %j',
    (name) => {
      const photos = [{ photo: photoOf(1, name), objects: [objectAt(0, 0, '../x'), objectAt(0, 0, 'CON/..')] }];
      for (const file of planFiles(photos, findFormat('svg').format, { separate: true })) {
        expect(file.name).toMatch(/^[^.\s/\\:*?"<>|][^/\\:*?"<>|\u202a-\u202e]{0,120}\.svg$/);
      }
    },
  );

  it('differ, however many photos share one', () => {
    const photos = Array.from({ length: 50 }, (_, id) => ({ photo: photoOf(id, 'a.jpg'), objects: [objectAt(0, 0)] }));
    const names = planFiles(photos, findFormat('json').format, { separate: false }).map(({ name }) => name);
    expect(new Set(names).size).toBe(50);
  });
});

describe('the menu of formats', () => {
  it('says in English what the registry says', () => {
    const { formats, options } = en.takeAway as unknown as Record<string, Record<string, { is: string }>>;
    for (const format of OUTPUT_FORMATS) {
      expect(formats![format.name]?.is).toBe(format.is);
      for (const [name, { description }] of Object.entries(format.options)) {
        expect(options![name]?.is).toBe(description);
      }
    }
  });

  it('makes a file for each object of pictures alone', () => {
    expect(OUTPUT_FORMATS.filter(isSeparate).map(({ name }) => name)).toEqual(['mask', 'cutout']);
  });

  it('has no labels where nobody gave one', () => {
    expect(collectLabels([{ objects: [objectAt(0, 0)] }])).toBeUndefined();
  });
});
