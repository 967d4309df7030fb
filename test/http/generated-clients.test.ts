import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createClient as generateSdk } from '@hey-api/openapi-ts';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import sharp from 'sharp';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseAddress } from '../../src/runtime/choose-address.ts';
import { FOUND_TRIANGLE, startTestApp, type TestApp } from './start-test-app.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** What a program does with a server; the photo is a JPEG of 400 x 300. */
interface Program {
  run(server: { url: string; token: string; photo: Uint8Array<ArrayBuffer> }): Promise<string[]>;
}

/** Every step ends in a value whose type the program has to know, so that an `unknown` does not compile. */
const WITH_OPENAPI_FETCH = `
import createClient from 'openapi-fetch';
import type { components, paths } from './api';

type Schemas = components['schemas'];
type Known<T> = unknown extends T ? never : T;
const names = (values: Known<Schemas['SegmentRequest'] | Schemas['SegmentJobCreated'] | Schemas['PreviewRequest']>[]) => values.length;

export async function run({ url, token, photo }: { url: string; token: string; photo: Uint8Array<ArrayBuffer> }): Promise<string[]> {
  const api = createClient<paths>({ baseUrl: url, headers: { authorization: 'Bearer ' + token } });
  const path = { project: 'demo' };
  const file = await api.POST('/api/v1/projects/{project}/files', { params: { path }, body: { name: 'boats.jpg', mimeType: 'image/jpeg' } });
  if (file.data === undefined) throw new Error(file.error.error.message);
  const { id, uploadUrl }: { id: number; uploadUrl: string } = file.data;
  await fetch(uploadUrl, { method: 'PUT', body: photo });

  const prompt: Schemas['SegmentRequest'] = { items: [{ fileId: id }], points: [{ x: 0.5, y: 0.5 }] };
  const posted = await api.POST('/api/v1/projects/{project}/context/vision/segment', {
    params: { path, header: { 'cdf-version': 'beta' } },
    body: prompt,
  });
  if (posted.data === undefined) throw new Error(posted.error.error.message);
  const jobId: number = posted.data.jobId;
  let status: 'Queued' | 'Running' | 'Completed' | 'Failed' = posted.data.status;
  let corners: number[] = [];
  while (status === 'Queued' || status === 'Running') {
    const read = await api.GET('/api/v1/projects/{project}/context/vision/segment/{jobId}', { params: { path: { ...path, jobId } } });
    if (read.data === undefined) throw new Error(read.error.error.message);
    status = read.data.status;
    corners = read.data.items.flatMap(({ segments }) => segments.flatMap(({ polygons }) => polygons.flatMap(({ vertices }) => vertices.map(({ x }) => x))));
  }
  const preview = await api.POST('/api/v1/projects/{project}/kontur/preview', {
    params: { path },
    body: { fileId: id, boundingBox: { xMin: 0.1, yMin: 0.1, xMax: 0.9, yMax: 0.9 } },
  });
  const width: number | undefined = preview.data?.imageWidth;
  const listed = await api.POST('/api/v1/projects/{project}/files/list', { params: { path }, body: { filter: { uploaded: true } } });
  const found: string[] = listed.data?.items.map(({ name }) => name) ?? [];
  await api.POST('/api/v1/projects/{project}/files/update', { params: { path }, body: { items: [{ id, update: { source: { set: 'survey' } } }] } });
  const gone = await api.POST('/api/v1/projects/{project}/files/delete', { params: { path }, body: { items: [{ id }] } });
  return [status, String(corners.length), String(width), ...found, String(gone.response.status), String(names([prompt]))];
}
`;

const WITH_HEY_API = `
import { client } from './sdk/client.gen';
import { createFile, deleteFiles, getVisionSegment, postVisionSegment, previewSegments } from './sdk/sdk.gen';
import type { SegmentRequest } from './sdk/types.gen';

export async function run({ url, token, photo }: { url: string; token: string; photo: Uint8Array<ArrayBuffer> }): Promise<string[]> {
  client.setConfig({ baseUrl: url as never, auth: () => token });
  const path = { project: 'demo' };
  const file = await createFile({ path, body: { name: 'boats.jpg' }, throwOnError: true });
  const { id, uploadUrl }: { id: number; uploadUrl: string } = file.data;
  await fetch(uploadUrl, { method: 'PUT', body: photo });
  const body: SegmentRequest = { items: [{ fileId: id }], points: [{ x: 0.5, y: 0.5 }] };
  const posted = await postVisionSegment({ path, headers: { 'cdf-version': 'beta' }, body, throwOnError: true });
  const jobId: number = posted.data.jobId;
  let status: 'Queued' | 'Running' | 'Completed' | 'Failed' = posted.data.status;
  let corners: number[] = [];
  while (status === 'Queued' || status === 'Running') {
    const { data } = await getVisionSegment({ path: { ...path, jobId }, throwOnError: true });
    status = data.status;
    corners = data.items.flatMap(({ segments }) => segments.flatMap(({ polygons }) => polygons.flatMap(({ vertices }) => vertices.map(({ x }) => x))));
  }
  const preview = await previewSegments({ path, body: { fileId: id, points: [{ x: 0.5, y: 0.5 }] }, throwOnError: true });
  const width: number = preview.data.imageWidth;
  const gone = await deleteFiles({ path, body: { items: [{ id }] }, throwOnError: true });
  return [status, String(corners.length), String(width), String(gone.response?.status)];
}
`;

/** Messages of a strict compiler on the files of a folder. */
function compile(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('node_modules'))
    .map((name) => path.join(folder, name));
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: [],
  };
  return ts
    .getPreEmitDiagnostics(ts.createProgram(files, options))
    .map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
}

describe('a client that a generator makes of openapi.json compiles and runs the whole way', () => {
  let t: TestApp;
  let url: string;
  let document: OpenAPI3;
  let photo: Uint8Array<ArrayBuffer>;
  let folder: string;
  beforeAll(async () => {
    const { port, publicUrl } = await chooseAddress({ host: '127.0.0.1', port: 0 });
    url = publicUrl;
    t = await startTestApp({ preview: async () => FOUND_TRIANGLE, settings: { publicUrl } });
    await t.app.listen({ host: '127.0.0.1', port });
    document = (await t.app.inject('/openapi.json')).json();
    const ground = { width: 400, height: 300, channels: 3, background: '#567' } as const;
    photo = new Uint8Array(await sharp({ create: ground }).jpeg().toBuffer());
    folder = mkdtempSync(path.join(os.tmpdir(), 'kontur-clients-'));
    for (const name of ['types', 'sdk']) {
      mkdirSync(path.join(folder, name));
      symlinkSync(path.join(root, 'node_modules'), path.join(folder, name, 'node_modules'));
    }
  });
  afterAll(async () => {
    await t?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });
  const runIn = async (name: string): Promise<string[]> => {
    const { run } = (await import(path.join(folder, name, 'program.ts'))) as Program;
    return run({ url, token: t.token, photo });
  };

  it('openapi-typescript', async () => {
    const api = astToString(await openapiTS(document));
    writeFileSync(path.join(folder, 'types/api.ts'), api);
    writeFileSync(path.join(folder, 'types/program.ts'), WITH_OPENAPI_FETCH);
    expect(compile(path.join(folder, 'types'))).toEqual([]);
    // Nothing is unknown but what may be anything: positions of GeoJSON, keys of free objects, bytes.
    const types = api.replaceAll(/\/\*[\s\S]*?\*\//g, '');
    expect(types.match(/^.*\bunknown \| unknown\b.*$|^\s*\w+\??: unknown;$/gm) ?? []).toEqual([]);
    const answer = ['Completed', '3', '400', 'boats.jpg', '200', '1'];
    expect(await runIn('types')).toEqual(answer);
  });

  it('@hey-api/openapi-ts', async () => {
    await generateSdk({
      input: document as never,
      output: { path: path.join(folder, 'sdk/sdk'), postProcess: [] },
      plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
      logs: { level: 'silent' },
    });
    writeFileSync(path.join(folder, 'sdk/program.ts'), WITH_HEY_API);
    expect(compile(path.join(folder, 'sdk'))).toEqual([]);
    expect(await runIn('sdk')).toEqual(['Completed', '3', '400', '200']);
  });
});
