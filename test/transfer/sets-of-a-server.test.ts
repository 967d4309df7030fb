import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { polygonArea } from '#geometry/mask-polygon';
import { toParts } from '#outputs/sets/to-parts';
import { type ImportOptions, importAnnotations } from '../../src/transfer/import-annotations.ts';
import { readSet } from '../../src/transfer/read-set.ts';
import { createServerClient, type ServerClient } from '../../src/transfer/server-client.ts';
import { openSet } from '../../src/transfer/set-content.ts';
import { toObjectData } from '../../src/transfer/wire-annotation.ts';
import { startTestApp, type TestApp } from '../http/start-test-app.ts';
import { SHAPES_IMAGE } from '../outputs/output-shapes.ts';
import { RINGS } from '../outputs/sets/set-of-shapes.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kontur-sets-'));
let t: TestApp;
let url: string;
let server: ServerClient;
let token: string;
/** Ids of the photos by their names. */
const photos = new Map<string, number>();

const shape = { is: 'outline', rings: RINGS } as const;
const boundingBox = { xMin: 0.25, yMin: 0.1, xMax: 0.5, yMax: 0.9 };
const dataOf = (label: string) => toObjectData({ photo: { name: '', hasExtension: true }, label, shape, score: 0.75 });

beforeAll(async () => {
  t = await startTestApp();
  url = await t.app.listen({ host: '127.0.0.1', port: 0 });
  token = t.token;
  server = createServerClient({ url, project: 'demo', token });
  const { imageWidth: width, imageHeight: height } = SHAPES_IMAGE;
  const png = await sharp({ create: { width, height, channels: 3, background: 'teal' } })
    .png()
    .toBuffer();
  for (const name of ['a.png', 'b.png', 'twice.png', 'twice.png']) {
    const { id, uploadUrl } = (await t.request({ method: 'POST', url: '/files', payload: { name } })).json();
    await t.send({ method: 'PUT', url: uploadUrl, payload: png });
    photos.set(photos.has(name) ? `${name} again` : name, id);
  }
  const { id } = (await t.request({ method: 'POST', url: '/files', payload: { name: 'empty.png' } })).json();
  photos.set('empty.png', id);
});
afterAll(async () => {
  await t?.close();
  rmSync(folder, { recursive: true });
});

const itemOf = (name: string, data: unknown, status = 'approved') => ({
  ...{ annotatedResourceType: 'file', annotatedResourceId: photos.get(name), status, data },
  ...{ annotationType: 'images.ObjectDetection', creatingApp: 'tests', creatingAppVersion: '1', creatingUser: null },
});

async function annotate(name: string, data: unknown, status = 'approved'): Promise<void> {
  await server.ask('POST', 'annotations', { items: [itemOf(name, data, status)] });
}

async function annotateMany(name: string, count: number): Promise<void> {
  const item = itemOf(name, dataOf('pump'));
  await server.ask('POST', 'annotations', { items: Array.from({ length: count }, () => item) });
}

interface Found {
  id: number;
  annotatedResourceId: number;
  status: string;
  data: { label: string };
}

async function all(): Promise<Found[]> {
  const filter = {
    annotatedResourceType: 'file',
    annotatedResourceIds: [...photos.values()].map((id) => ({ id })),
  };
  return (await server.ask<{ items: Found[] }>('POST', 'annotations/list', { filter, limit: 1000 })).items;
}

const facts = (items: Found[]) =>
  items.map(({ annotatedResourceId, status, data }) => JSON.stringify([annotatedResourceId, status, data])).sort();

async function clear(): Promise<void> {
  for (;;) {
    const items = (await all()).map(({ id }) => ({ id }));
    if (items.length === 0) return;
    await server.ask('POST', 'annotations/delete', { items });
  }
}

async function download(query: string, name: string, bearer = token): Promise<string> {
  const client = createServerClient({ url, project: 'demo', token: bearer });
  const response = await client.open(`kontur/export?${query}`);
  const file = path.join(folder, name);
  writeFileSync(file, Buffer.from(await response.arrayBuffer()));
  return file;
}

/** Imports a set and says what became of it and what was wrong. */
async function take(file: string, options: Partial<ImportOptions> = {}, client = server) {
  const content = await openSet(file);
  const problems: string[] = [];
  try {
    const how = {
      status: 'approved',
      strict: false,
      dryRun: false,
      app: { name: 'kontur-import', version: '1' },
    } as const;
    const result = await importAnnotations(
      client,
      () => readSet(content),
      { ...how, ...options },
      {
        refused: (where, problem) => problems.push(`${where}: ${problem}`),
        progress: () => {},
      },
    );
    return { ...result, problems };
  } finally {
    await content.close();
  }
}

const putCoco = (name: string, document: unknown): string => {
  const file = path.join(folder, name);
  writeFileSync(file, JSON.stringify(document));
  return file;
};

describe('a set out of a server and in again', () => {
  it.each([
    ['format=coco', 'coco.json'],
    ['format=coco&images=true', 'coco.zip'],
    ['format=yolo&images=true', 'yolo.zip'],
    ['format=yolo', 'bare-yolo.zip'],
    ['format=labelme', 'labelme.zip'],
  ])('%s gives the same annotations, and a second run adds none', async (query, name) => {
    await clear();
    await annotate('a.png', dataOf('pump'));
    await annotate('a.png', dataOf('pump'));
    await annotate('b.png', { label: 'valve', boundingBox });
    // Lines of YOLO say neither status nor which of two photos of one name is meant.
    await annotate(
      name.includes('yolo') ? 'b.png' : 'twice.png again',
      dataOf('tank'),
      name.includes('yolo') ? 'approved' : 'rejected',
    );
    const before = await all();
    const file = await download(query, name);
    expect(await take(file)).toMatchObject({ created: 0, present: 4, refused: 0 });
    await clear();
    expect(await take(file)).toEqual({ created: 4, present: 0, refused: 0, problems: [] });
    const after = await all();
    expect(after).toHaveLength(4);
    if (query.startsWith('format=coco')) expect(facts(after)).toEqual(facts(before));
    expect(await take(file)).toMatchObject({ created: 0, present: 4, refused: 0 });
    expect(await all()).toHaveLength(4);
  });

  it('two parts and holes keep their area to a thousandth, through every format', async () => {
    const areaOf = (rings: typeof RINGS) =>
      (toParts({ is: 'outline', rings }, SHAPES_IMAGE) ?? []).reduce((sum, part) => sum + polygonArea(part), 0);
    for (const format of ['coco', 'yolo', 'labelme']) {
      await clear();
      await annotate('a.png', dataOf('pump'));
      const file = await download(`format=${format}`, format === 'coco' ? 'area.json' : `area-${format}.zip`);
      await clear();
      await take(file);
      const response = await server.open('kontur/export?format=coco');
      const { annotations } = (await response.json()) as { annotations: [{ kontur: { rings: number[][][] } }] };
      const rings = annotations[0].kontur.rings.map((part) =>
        part.map((ring) =>
          Array.from({ length: ring.length / 2 }, (_, i) => ({ x: ring[2 * i]!, y: ring[2 * i + 1]! })),
        ),
      );
      expect(rings.map(({ length }) => length).sort()).toEqual([1, 3]);
      expect(Math.abs(areaOf(rings) / areaOf(RINGS) - 1)).toBeLessThan(1e-3);
    }
  });
});

describe('GET kontur/export', () => {
  it('chooses by label and status, names what it is, and leaves out photos that cannot be read', async () => {
    await clear();
    await annotate('a.png', dataOf('pump'));
    await annotate('a.png', dataOf('valve'), 'suggested');
    await annotate('empty.png', dataOf('pump'), 'suggested');
    const get = (query: string) => t.request({ method: 'GET', url: `/kontur/export?${query}` });
    const whole = await get('format=coco');
    expect(whole.headers).toMatchObject({
      'content-type': 'application/json',
      'content-disposition': 'attachment; filename="annotations-coco.json"',
      'kontur-annotations': '3',
    });
    expect(whole.json().left_out).toMatchObject({
      count: 1,
      annotations: [{ file_name: 'empty.png', reason: expect.stringContaining('never uploaded') }],
    });
    const table = async (query: string) => (await server.open(`kontur/export?format=csv&${query}`)).text();
    const labels = async (query: string) => (await table(query)).match(/pump|valve/g);
    expect(await labels('')).toHaveLength(3);
    expect(await labels('label=pump')).toEqual(['pump', 'pump']);
    expect(await labels('status=suggested&label=valve')).toEqual(['valve']);
    expect(await labels('dataSetId=1')).toBeNull();
    expect((await get('format=xml')).statusCode).toBe(400);
    expect((await get('format=coco&status=good')).statusCode).toBe(400);
    expect((await get('')).statusCode).toBe(400);
  });

  it('shows nothing of another project', async () => {
    const other = await t.requestOther({ method: 'GET', url: '/kontur/export?format=coco' });
    expect(other.json().annotations).toEqual([]);
  });

  it('ends with its client, and its place is free for others', async () => {
    await clear();
    for (let round = 0; round < 3; round++) await annotateMany('a.png', 1000);
    for (let round = 0; round < 8; round++) {
      const gone = new AbortController();
      const response = await server.open('kontur/export?format=coco&images=true', gone.signal);
      const reader = response.body!.getReader();
      await reader.read();
      gone.abort();
      await expect(reader.read()).rejects.toThrow();
    }
    expect((await t.request({ method: 'GET', url: '/kontur/export?format=coco' })).statusCode).toBe(200);
  });
});

describe('what a server does not take', () => {
  const size = { width: SHAPES_IMAGE.imageWidth, height: SHAPES_IMAGE.imageHeight };
  const segmentation = [[10, 10, 50, 10, 50, 40, 10, 40]];
  const document = (names: string[], more: object[] = []) => ({
    images: names.map((file_name, index) => ({ id: index + 1, file_name, ...size })),
    categories: [{ id: 1, name: 'pump' }],
    annotations: [
      ...names.map((_, index) => ({ id: index + 1, image_id: index + 1, category_id: 1, segmentation })),
      ...more,
    ],
  });

  it('unknown and ambiguous photos are named, and everything else is done', async () => {
    await clear();
    const file = putCoco('mixed.json', document(['a.png', 'nobody.png', 'twice.png', 'photos/b.png']));
    const result = await take(file);
    expect(result).toMatchObject({ created: 2, present: 0, refused: 2 });
    expect(result.problems[0]).toBe('mixed.json annotations[1] (id 2): no photo on the server is named "nobody.png"');
    expect(result.problems[1]).toContain('2 photos on the server are named "twice.png" (ids ');
  });

  it('with strict nothing is done where anything is wrong; a trial does nothing either', async () => {
    await clear();
    const bad = { id: 9, image_id: 1, category_id: 1, segmentation: [[1, 1, 5, 5]] };
    const file = putCoco('strict.json', document(['a.png'], [bad]));
    expect(await take(file, { strict: true })).toMatchObject({ refused: 1 });
    expect(await take(file, { dryRun: true })).toMatchObject({ created: 1, refused: 1 });
    expect(await all()).toEqual([]);
    const good = putCoco('good.json', document(['a.png']));
    expect(await take(good, { strict: true })).toMatchObject({ created: 1, refused: 0 });
    expect(await all()).toHaveLength(1);
  });

  it('a token that may not write is said at once', async () => {
    const file = putCoco('right.json', document(['a.png', 'b.png']));
    const stranger = createServerClient({ url, project: 'demo', token: 'none' });
    await expect(take(file, {}, stranger)).rejects.toThrow(/files\/list: /);
  });
});

describe('a connection that breaks', () => {
  let proxy: Server;
  let breaks: (method: string, path: string) => 'before' | 'after' | undefined;
  let through: ServerClient;

  beforeAll(async () => {
    // Passes requests on, and cuts some of them off before they arrive or before their answer does.
    const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const when = breaks(request.method ?? '', request.url ?? '');
      if (when === 'before') {
        request.socket.destroy();
        return;
      }
      const headers = { authorization: request.headers.authorization ?? '', 'content-type': 'application/json' };
      const body = request.method === 'GET' ? undefined : Buffer.concat(chunks);
      const answer = await fetch(`${url}${request.url}`, { method: request.method, headers, body });
      const text = await answer.text();
      if (when === 'after') {
        response.writeHead(answer.status, { 'content-length': text.length });
        response.write(text.slice(0, Math.floor(text.length * 0.6)));
        setImmediate(() => request.socket.destroy());
        return;
      }
      response.writeHead(answer.status).end(text);
    };
    proxy = createServer((request, response) => void pass(request, response));
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    through = createServerClient({ url: `http://127.0.0.1:${port}`, project: 'demo', token });
  });
  afterAll(() => new Promise((resolve) => proxy.close(resolve)));

  it.each(['before', 'after'] as const)('%s a batch has arrived: everything is there once', async (when) => {
    await clear();
    const names = ['a.png', 'b.png', 'a.png'];
    const images = names.map((file_name, id) => ({
      ...{ id: id + 1, file_name, width: SHAPES_IMAGE.imageWidth, height: SHAPES_IMAGE.imageHeight },
    }));
    const annotations = Array.from({ length: 150 }, (_, index) => ({
      ...{ id: index + 1, image_id: 1 + (index % 3), category_id: 1, segmentation: [[0, 0, 5 + index / 2, 0, 9, 9]] },
    }));
    const file = putCoco(`broken-${when}.json`, { images, categories: [{ id: 1, name: 'pump' }], annotations });
    let creations = 0;
    breaks = (method, address) =>
      method === 'POST' && address.endsWith('/annotations') && ++creations === 2 ? when : undefined;
    expect(await take(file, {}, through)).toMatchObject({ created: 150, present: 0, refused: 0 });
    expect(await all()).toHaveLength(150);
  });
});
